package io.openshell.gateway.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** The certificates of a gateway on one machine, as files below one folder. */
public record LocalCertificates(Path folder) {

    /** Certificate of the authority. */
    public Path authority() {
        return folder.resolve("ca.crt");
    }

    /** Certificate the gateway shows. */
    public Path serverCertificate() {
        return folder.resolve("server/tls.crt");
    }

    /** Its key. */
    public Path serverKey() {
        return folder.resolve("server/tls.key");
    }

    /** Certificate the local user shows. */
    public Path clientCertificate() {
        return folder.resolve("client/tls.crt");
    }

    /** Its key. */
    public Path clientKey() {
        return folder.resolve("client/tls.key");
    }

    private List<Path> files() {
        return List.of(authority(), serverCertificate(), serverKey(), clientCertificate(), clientKey());
    }

    /**
     * The certificates in this folder, made when there are none. The authority's key is forgotten after use. Blocks.
     *
     * @throws CertificatesUnusable when some are there and some are not, or they cannot be written
     */
    public static LocalCertificates in(Path folder, Instant now) {
        LocalCertificates certificates = new LocalCertificates(folder);
        List<Path> missing = certificates.files().stream().filter(file -> !Files.exists(file)).toList();
        if (missing.isEmpty()) {
            return certificates;
        }
        if (missing.size() < certificates.files().size()) {
            throw new CertificatesUnusable("certificates in " + folder + " are incomplete, " + missing
                    + " is missing; restore it or remove the whole folder", null);
        }
        try {
            write(certificates, Issued.at(now));
            return certificates;
        } catch (IOException failed) {
            throw new CertificatesUnusable("certificates cannot be written below " + folder, failed);
        }
    }

    private static void write(LocalCertificates to, Issued issued) throws IOException {
        PrivateFiles.folder(to.folder());
        PrivateFiles.folder(to.folder().resolve("server"));
        PrivateFiles.folder(to.folder().resolve("client"));
        PrivateFiles.write(to.serverKey(), issued.server().key());
        PrivateFiles.write(to.serverCertificate(), issued.server().certificate());
        PrivateFiles.write(to.clientKey(), issued.client().key());
        PrivateFiles.write(to.clientCertificate(), issued.client().certificate());
        PrivateFiles.write(to.authority(), issued.authority());
    }

    /** The certificates cannot be used. */
    public static final class CertificatesUnusable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        CertificatesUnusable(String message, @org.jspecify.annotations.Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
