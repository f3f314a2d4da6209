package io.openshell.proxy.tls;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Collection;

/** Whom the proxy believes when it talks to an upstream. One serves all sandboxes. Immutable, any thread. */
public final class UpstreamTrust {
    private final SslContext context;

    private UpstreamTrust(SslContext context) {
        this.context = context;
    }

    /**
     * Believes these authorities, or those of this Java when there are none. Names are always checked.
     *
     * @param anchors certificates of authorities
     * @return the trust
     * @throws GeneralSecurityException when they cannot be used
     */
    public static UpstreamTrust of(Collection<X509Certificate> anchors) throws GeneralSecurityException {
        var builder = SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .endpointIdentificationAlgorithm("HTTPS")
                .applicationProtocolConfig(Alpn.HTTP1);
        if (!anchors.isEmpty()) {
            builder.trustManager(anchors);
        }
        try {
            return new UpstreamTrust(builder.build());
        } catch (IOException unusable) {
            throw new GeneralSecurityException("the authorities cannot be used", unusable);
        }
    }

    /**
     * What upstream connections are made with.
     *
     * @return the context
     */
    public SslContext context() {
        return context;
    }
}
