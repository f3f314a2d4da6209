package io.openshell.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AdoptedListenerTest {
    private static ProxySettings settings(int fd, RecordingSink sink) {
        var ports = ProxyPorts.of(
                (workload, proxy) -> CompletableFuture.completedStage(Stage.CURL),
                sink,
                host -> CompletableFuture.completedStage(List.of(Stage.PUBLIC)));
        return new ProxySettings(fd, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new SandboxRef("sb-1", "box"), Policies.nothing(), 1, ports, Stage.LIMITS);
    }

    @Test
    void anUnboundDescriptorIsTakenOverAndServed() throws Exception {
        assumeTrue(Epoll.isAvailable(), "needs epoll: the native transport takes over descriptors");
        var sink = new RecordingSink();
        int fd = Socket.newSocketStream().intValue();
        try (var loops = ProxyEventLoops.own(1);
                var proxy = EgressProxy.start(loops, settings(fd, sink));
                var client = new Client(new java.net.Socket(proxy.address().getAddress(), proxy.address().getPort()))) {
            client.send("CONNECT site.test:443 HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 403 ");
            assertThat(sink.only().allowed()).isFalse();
        }
    }

    @Test
    void aDescriptorWithoutTheNativeTransportIsAnError() {
        try (var loops = ProxyEventLoops.portable(1)) {
            assertThatThrownBy(() -> EgressProxy.start(loops, settings(99, new RecordingSink())))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
