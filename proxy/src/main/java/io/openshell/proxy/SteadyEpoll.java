package io.openshell.proxy;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;

/**
 * Native event loops that keep a socket registered while it waits for nothing.
 *
 * <p>Netty 4.2.13 takes a socket out of epoll when its interest becomes empty, and then fails to bring it back: the next write
 * that has to wait ends the connection. A tunnel whose one direction has ended gets there easily. So an empty interest is
 * replaced by an edge-triggered one that reports a broken connection once and nothing else.
 */
final class SteadyEpoll implements IoHandler {
    private final IoHandler epoll;

    private SteadyEpoll(IoHandler epoll) {
        this.epoll = epoll;
    }

    static IoHandlerFactory factory() {
        var plain = EpollIoHandler.newFactory();
        return executor -> new SteadyEpoll(plain.newHandler(executor));
    }

    @Override
    public void initialize() {
        epoll.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        return epoll.run(context);
    }

    @Override
    public void prepareToDestroy() {
        epoll.prepareToDestroy();
    }

    @Override
    public void destroy() {
        epoll.destroy();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return new Registration(epoll.register(handle));
    }

    @Override
    public void wakeup() {
        epoll.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> type) {
        return epoll.isCompatible(type);
    }

    private static final class Registration implements IoRegistration {
        private final IoRegistration socket;
        private volatile boolean added;

        Registration(IoRegistration socket) {
            this.socket = socket;
        }

        @Override
        public <T> T attachment() {
            return socket.attachment();
        }

        @Override
        public long submit(IoOps interest) {
            boolean empty = interest.equals(EpollIoOps.NONE);
            if (!empty) {
                added = true;
            }
            // A socket that was never added stays out: an unconnected one would report itself broken.
            return socket.submit(empty && added ? EpollIoOps.EPOLLET : interest);
        }

        @Override
        public boolean isValid() {
            return socket.isValid();
        }

        @Override
        public boolean cancel() {
            return socket.cancel();
        }
    }
}
