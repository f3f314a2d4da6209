package io.openshell.cli.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** TLS towards a gateway with the PEM files of its registration. */
final class TlsFiles {
    private static final List<String> KEY_ALGORITHMS = List.of("EC", "RSA", "Ed25519");

    private TlsFiles() {}

    static SSLSocket wrap(Socket plain, Endpoint.Tls tls) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(tls.insecure() ? null : clientKeys(tls.files()),
                    tls.insecure() ? new TrustManager[] {new TrustAnyone()} : trusted(tls.files()), null);
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, tls.host(), tls.port(), true);
            SSLParameters parameters = socket.getSSLParameters();
            if (!tls.insecure()) {
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
            }
            parameters.setApplicationProtocols(new String[] {"http/1.1"});
            socket.setSSLParameters(parameters);
            return socket;
        } catch (GeneralSecurityException e) {
            throw new IOException("the TLS files in " + tls.files() + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static TrustManager @Nullable [] trusted(Path files) throws IOException, GeneralSecurityException {
        Path authority = files.resolve("ca.crt");
        if (!Files.isRegularFile(authority)) {
            return null;
        }
        KeyStore store = emptyStore();
        int count = 0;
        for (Certificate one : certificates(authority)) {
            store.setCertificateEntry("ca" + count++, one);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyManager @Nullable [] clientKeys(Path files) throws IOException, GeneralSecurityException {
        Path certificate = files.resolve("tls.crt");
        Path key = files.resolve("tls.key");
        if (!Files.isRegularFile(certificate) || !Files.isRegularFile(key)) {
            return null;
        }
        KeyStore store = emptyStore();
        store.setKeyEntry("client", privateKey(key), new char[0], certificates(certificate).toArray(new Certificate[0]));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, new char[0]);
        return factory.getKeyManagers();
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static Collection<? extends Certificate> certificates(Path file) throws IOException, GeneralSecurityException {
        try (InputStream in = new ByteArrayInputStream(Files.readAllBytes(file))) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in);
        }
    }

    private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
        String pem = Files.readString(file, StandardCharsets.US_ASCII);
        if (!pem.contains("-----BEGIN PRIVATE KEY-----")) {
            throw new GeneralSecurityException(file + " is not a PKCS#8 private key");
        }
        String body = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body));
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException e) {
                // The encoding names its algorithm; the next factory may be the one that knows it.
                continue;
            }
        }
        throw new GeneralSecurityException(file + " holds a key of an unknown kind");
    }

    /** Used only when the user asked for it with --gateway-insecure. */
    private static final class TrustAnyone implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
