package io.openshell.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import io.openshell.proxy.credential.Credentials;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AdoptedListenerTest {
    private static ProxySettings settings(int fd, RecordingSink sink) {
        var ports = ProxyPorts.of(
                (workload, proxy) -> CompletableFuture.completedStage(Stage.CURL),
                sink,
                host -> CompletableFuture.completedStage(List.of(Stage.PUBLIC)),
                Credentials.NONE);
        return new ProxySettings(new Listener.Adopted(fd),
                new SandboxRef("sb-1", "box"), Policies.nothing(), 1, Certificates.TERMINATION, ports, Stage.LIMITS);
    }

    @Test
    void aConnectionThatWaitedBeforeTheTakeOverIsServed() throws Exception {
        assumeTrue(Epoll.isAvailable(), "needs epoll: the native transport takes over descriptors");
        var sink = new RecordingSink();
        Socket listening = Socket.newSocketStream();
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        listening.listen(16);
        var early = new java.net.Socket(InetAddress.getLoopbackAddress(), listening.localAddress().getPort());
        try (var loops = ProxyEventLoops.own(1);
                var client = new Client(early);
                var proxy = EgressProxy.start(loops, settings(listening.intValue(), sink))) {
            assertThat(proxy.address().getPort()).isEqualTo(early.getPort());
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
