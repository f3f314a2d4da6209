package io.openshell.proxy.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
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
    private final SslContext either;

    private UpstreamTrust(SslContext context, SslContext either) {
        this.context = context;
        this.either = either;
    }

    /**
     * Believes these authorities, or those of this Java when there are none. Names are always checked.
     *
     * @param anchors certificates of authorities
     * @return the trust
     * @throws GeneralSecurityException when they cannot be used
     */
    public static UpstreamTrust of(Collection<X509Certificate> anchors) throws GeneralSecurityException {
        try {
            return new UpstreamTrust(context(anchors, Alpn.HTTP1), context(anchors, Alpn.EITHER));
        } catch (IOException unusable) {
            throw new GeneralSecurityException("the authorities cannot be used", unusable);
        }
    }

    private static SslContext context(Collection<X509Certificate> anchors, ApplicationProtocolConfig spoken) throws IOException {
        var builder = SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .endpointIdentificationAlgorithm("HTTPS")
                .applicationProtocolConfig(spoken);
        if (!anchors.isEmpty()) {
            builder.trustManager(anchors);
        }
        return builder.build();
    }

    /**
     * What upstream connections are made with where HTTP/2 would do as well.
     *
     * @return a context that asks for HTTP/2 first
     */
    public SslContext eitherContext() {
        return either;
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
