package io.openshell.proxy;

import io.netty.handler.ssl.JdkSslContext;
import io.openshell.proxy.tls.SandboxAuthority;
import io.openshell.proxy.tls.UpstreamTrust;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** The authorities of the tests: the sandbox's, the one upstreams have theirs from, and one nobody believes. */
final class Certificates {
    static final SandboxAuthority SANDBOX = authority();
    static final SandboxAuthority INTERNET = authority();
    static final SandboxAuthority STRANGER = authority();
    static final TlsTermination TERMINATION = termination();

    private Certificates() {}

    private static SandboxAuthority authority() {
        try {
            return SandboxAuthority.create();
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static TlsTermination termination() {
        try {
            return new TlsTermination.Possible(SANDBOX, UpstreamTrust.of(List.of(INTERNET.certificate())));
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Puts TLS on an accepted connection, with a certificate for a host. */
    static Client serving(Client plain, SandboxAuthority authority, String host) throws IOException, GeneralSecurityException {
        var context = ((JdkSslContext) authority.serving(host)).context();
        var socket = (SSLSocket) context.getSocketFactory().createSocket(plain.socket(), null, true);
        socket.setUseClientMode(false);
        return new Client(socket);
    }

    /** Puts TLS on a tunnel, believing one authority only, and checks the name. */
    static SSLSocket asking(Socket plain, SandboxAuthority believed, String host) throws IOException, GeneralSecurityException {
        return asking(plain, believed.certificate(), host);
    }

    private static SSLSocket asking(Socket plain, X509Certificate believed, String host)
            throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("believed", believed);
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        var socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host, 443, true);
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
        socket.setSSLParameters(parameters);
        return socket;
    }
}
