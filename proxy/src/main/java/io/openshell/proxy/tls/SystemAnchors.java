package io.openshell.proxy.tls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The authorities this machine believes.
 *
 * @param pem their certificates as the machine keeps them, empty when it keeps none
 * @param certificates those that could be read
 */
public record SystemAnchors(String pem, List<X509Certificate> certificates) {
    private static final List<Path> PLACES = List.of(
            Path.of("/etc/ssl/certs/ca-certificates.crt"),
            Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
            Path.of("/etc/ssl/ca-bundle.pem"),
            Path.of("/etc/ssl/cert.pem"));
    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final String END = "-----END CERTIFICATE-----";
    private static final char[] STORE_WORD = "changeit".toCharArray();

    /** Keeps its own copy. */
    public SystemAnchors {
        certificates = List.copyOf(certificates);
    }

    /**
     * Reads them from the first of the usual places that holds any.
     *
     * @return the authorities; none when no place holds any
     * @throws IOException when a place cannot be read
     */
    public static SystemAnchors load() throws IOException {
        for (var place : PLACES) {
            if (Files.isRegularFile(place) && Files.size(place) > 0) {
                var pem = Files.readString(place, StandardCharsets.ISO_8859_1);
                return new SystemAnchors(pem.endsWith("\n") ? pem : pem + "\n", parse(pem));
            }
        }
        return new SystemAnchors("", List.of());
    }

    /** A certificate this Java cannot read is left out: it could not vouch for anybody here. */
    private static List<X509Certificate> parse(String pem) throws IOException {
        var found = new ArrayList<X509Certificate>();
        try {
            var factory = CertificateFactory.getInstance("X.509");
            for (int at = pem.indexOf(BEGIN); at >= 0; at = pem.indexOf(BEGIN, at + 1)) {
                int end = pem.indexOf(END, at);
                if (end < 0) {
                    break;
                }
                var one = pem.substring(at, end + END.length()).getBytes(StandardCharsets.ISO_8859_1);
                try {
                    found.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(one)));
                } catch (CertificateException unreadable) {
                    continue;
                }
            }
        } catch (CertificateException noFactory) {
            throw new IOException("this Java reads no certificates", noFactory);
        }
        return found;
    }

    /**
     * Writes a certificate as PEM.
     *
     * @param certificate the certificate
     * @return its text, ending in a line feed
     * @throws GeneralSecurityException when it cannot be encoded
     */
    public static String pem(X509Certificate certificate) throws GeneralSecurityException {
        var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
        return BEGIN + "\n" + lines + "\n" + END + "\n";
    }

    /**
     * Makes a trust store for Java programs: these authorities and one more.
     *
     * @param more the authority to add
     * @return the bytes of a JKS file; its word is the customary one, since it protects nothing
     * @throws GeneralSecurityException when it cannot be made
     * @throws IOException when it cannot be written
     */
    public byte[] javaStore(X509Certificate more) throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("JKS");
        store.load(null, STORE_WORD);
        store.setCertificateEntry("openshell", more);
        for (int i = 0; i < certificates.size(); i++) {
            store.setCertificateEntry("system-" + i, certificates.get(i));
        }
        var out = new ByteArrayOutputStream();
        store.store(out, STORE_WORD);
        return out.toByteArray();
    }
}
