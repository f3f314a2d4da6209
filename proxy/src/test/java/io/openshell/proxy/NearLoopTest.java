package io.openshell.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Which event loop a new connection gets. */
final class NearLoopTest {
    private static EventLoop chosenOn(EventLoop loop) throws Exception {
        return loop.submit(() -> loop.parent().next()).get(10, TimeUnit.SECONDS);
    }

    @Test
    void aConnectionStaysWhereItIsUntilThatLoopHasClearlyMoreToDo() throws Exception {
        var loops = NearLoop.group(2, NioIoHandler.newFactory());
        try {
            var first = loops.next();
            assertThat(chosenOn(first)).as("both have nothing to do").isSameAs(first);
            for (int i = 0; i < 4; i++) {
                open(first);
            }
            assertThat(chosenOn(first)).as("two tunnels more").isSameAs(first);
            open(first);

            var second = chosenOn(first);
            assertThat(second).as("more than two tunnels more").isNotSameAs(first);
            assertThat(chosenOn(second)).isSameAs(second);
            assertThat(loops.next()).as("asked by another thread").isSameAs(second);
        } finally {
            loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5_000);
        }
    }

    private static void open(EventLoop loop) throws Exception {
        var channel = new NioSocketChannel();
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter());
        assertThat(loop.register(channel).await(10, TimeUnit.SECONDS)).isTrue();
    }
}
