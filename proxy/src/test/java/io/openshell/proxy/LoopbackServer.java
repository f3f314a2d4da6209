package io.openshell.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** A server whose accepted connections the test takes in turn. */
final class LoopbackServer implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    private final BlockingQueue<Client> accepted = new ArrayBlockingQueue<>(64);

    LoopbackServer() throws IOException {
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    var socket = listener.accept();
                    socket.setSoTimeout(10_000);
                    if (!accepted.offer(new Client(socket))) {
                        socket.close();
                    }
                }
            } catch (IOException closed) {
                return;
            }
        });
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    Client next() throws InterruptedException {
        var client = accepted.poll(10, TimeUnit.SECONDS);
        if (client == null) {
            throw new AssertionError("nobody connected");
        }
        return client;
    }

    boolean nobodyCame() {
        return accepted.isEmpty();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (var client : accepted) {
            client.close();
        }
    }
}
