package io.openshell.proxy.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;

/**
 * What is spoken inside TLS. The upstream is asked first, for what the client offered; the client is then given what the
 * upstream chose, so both sides always speak the same.
 */
final class Alpn {
    /** Asks for, or answers with, HTTP/1.1. */
    static final ApplicationProtocolConfig HTTP1 = of(ApplicationProtocolNames.HTTP_1_1);
    /** Asks for HTTP/2, or else HTTP/1.1. */
    static final ApplicationProtocolConfig EITHER = of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1);
    /** Answers with HTTP/2. */
    static final ApplicationProtocolConfig HTTP2 = of(ApplicationProtocolNames.HTTP_2);

    private Alpn() {}

    private static ApplicationProtocolConfig of(String... protocols) {
        return new ApplicationProtocolConfig(Protocol.ALPN, SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT, protocols);
    }
}
