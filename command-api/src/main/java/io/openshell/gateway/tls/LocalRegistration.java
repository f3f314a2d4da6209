package io.openshell.gateway.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells the clients of this machine about the gateway. */
public final class LocalRegistration {

    private static final String NAME = "openshell";

    private LocalRegistration() {}

    /**
     * Writes the gateway's registration and the user's certificate below the clients' folder, and makes the gateway the
     * active one when none is. Blocks.
     *
     * @throws LocalCertificates.CertificatesUnusable when a file cannot be written
     */
    public static void write(Path clientFolder, LocalCertificates certificates, int port) {
        Path gateways = clientFolder.resolve("gateways");
        Path own = gateways.resolve(NAME);
        Path mtls = own.resolve("mtls");
        try {
            for (Path folder : new Path[] {clientFolder, gateways, own, mtls}) {
                PrivateFiles.folder(folder);
            }
            PrivateFiles.write(mtls.resolve("ca.crt"), Files.readString(certificates.authority()));
            PrivateFiles.write(mtls.resolve("tls.crt"), Files.readString(certificates.clientCertificate()));
            PrivateFiles.write(mtls.resolve("tls.key"), Files.readString(certificates.clientKey()));
            PrivateFiles.write(own.resolve("metadata.json"), metadata(port));
            Path active = clientFolder.resolve("active_gateway");
            if (!Files.exists(active)) {
                PrivateFiles.write(active, NAME);
            }
        } catch (IOException failed) {
            throw new LocalCertificates.CertificatesUnusable(
                    "the gateway cannot be registered below " + clientFolder, failed);
        }
    }

    private static String metadata(int port) {
        return """
                {
                  "name": "%s",
                  "gateway_endpoint": "https://127.0.0.1:%d",
                  "is_remote": false,
                  "gateway_port": %d,
                  "auth_mode": "mtls"
                }
                """.formatted(NAME, port, port);
    }
}
