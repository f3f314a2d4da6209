package io.openshell.proxy;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorChooserFactory;
import io.netty.util.concurrent.ThreadPerTaskExecutor;
import java.util.concurrent.Executor;

/**
 * Keeps a new connection on the event loop that accepted it, unless that has clearly more to do than another: waking another thread
 * for it costs more than most connections do.
 */
final class NearLoop implements EventExecutorChooserFactory {
    /** Two tunnels, of which the older one may just be closing. */
    private static final int SLACK = 4;

    private NearLoop() {}

    /** Event loops that are chosen this way. */
    static MultiThreadIoEventLoopGroup group(int threads, IoHandlerFactory sockets) {
        var executor = new ThreadPerTaskExecutor(new DefaultThreadFactory("egress-loop"));
        return new MultiThreadIoEventLoopGroup(threads, executor, new NearLoop(), sockets) {
            @Override
            protected IoEventLoop newChild(Executor executor, IoHandlerFactory factory, Object... none) {
                return new Loop(this, executor, factory);
            }
        };
    }

    private static final class Loop extends SingleThreadIoEventLoop {
        Loop(MultiThreadIoEventLoopGroup parent, Executor executor, IoHandlerFactory sockets) {
            super(parent, executor, sockets);
        }

        int sockets() {
            return getNumOfRegisteredChannels();
        }
    }

    @Override
    public EventExecutorChooser newChooser(EventExecutor[] loops) {
        return () -> {
            Loop least = (Loop) loops[0];
            Loop here = null;
            for (var one : loops) {
                var loop = (Loop) one;
                least = loop.sockets() < least.sockets() ? loop : least;
                here = loop.inEventLoop() ? loop : here;
            }
            return here != null && here.sockets() <= least.sockets() + SLACK ? here : least;
        };
    }
}
