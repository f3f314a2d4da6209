package io.openshell.cli;

import com.google.protobuf.MessageLite;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Speaks gRPC-Web with prepared answers and records which methods were called. */
final class StandInGateway implements AutoCloseable {
    private final ServerSocketChannel server;
    private final Map<String, Function<byte[], Reply>> replies = new ConcurrentHashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<String> heads = new CopyOnWriteArrayList<>();

    StandInGateway(SocketAddress address) throws IOException {
        this.server = address instanceof java.net.UnixDomainSocketAddress
                ? ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX) : ServerSocketChannel.open();
        server.bind(address);
        Thread.ofPlatform().daemon().name("stand-in").start(this::serve);
    }

    record Reply(int status, String message, List<? extends MessageLite> messages) {
        static Reply of(MessageLite... messages) {
            return new Reply(0, "", List.of(messages));
        }

        static Reply refusal(int status, String message) {
            return new Reply(status, message, List.of());
        }
    }

    StandInGateway on(String method, Reply reply) {
        return on(method, request -> reply);
    }

    StandInGateway on(String method, Function<byte[], Reply> reply) {
        replies.put(method, reply);
        return this;
    }

    /** Request lines and headers, one text per call. */
    List<String> heads() {
        return heads;
    }

    List<String> calls() {
        return calls;
    }

    int port() throws IOException {
        return ((java.net.InetSocketAddress) server.getLocalAddress()).getPort();
    }

    private void serve() {
        while (server.isOpen()) {
            try (SocketChannel one = server.accept()) {
                answer(one);
            } catch (IOException e) {
                // A probe that closed at once, or the end of the test.
                continue;
            }
        }
    }

    private void answer(SocketChannel one) throws IOException {
        InputStream in = Channels.newInputStream(one);
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0) {
                return;
            }
            head.append((char) b);
        }
        String method = head.substring(head.indexOf("/", head.indexOf("/") + 1) + 1, head.indexOf(" HTTP"));
        heads.add(head.toString());
        calls.add(method);
        DataInputStream frame = new DataInputStream(in);
        frame.readByte();
        byte[] request = frame.readNBytes(frame.readInt());
        Reply reply = replies.getOrDefault(method, r -> Reply.refusal(12, "no such method")).apply(request);
        one.write(ByteBuffer.wrap(encode(reply)));
    }

    /** Every frame is cut into two chunks, as a real server may do. */
    private static byte[] encode(Reply reply) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("HTTP/1.1 200 OK\r\ncontent-type: application/grpc-web+proto\r\ntransfer-encoding: chunked\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
        for (MessageLite message : reply.messages()) {
            chunks(out, 0, message.toByteArray());
        }
        chunks(out, 0x80, ("grpc-status: " + reply.status() + "\r\ngrpc-message: " + reply.message().replace(" ", "%20")
                + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    private static void chunks(ByteArrayOutputStream out, int flags, byte[] content) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(frame);
        data.writeByte(flags);
        data.writeInt(content.length);
        data.write(content);
        byte[] bytes = frame.toByteArray();
        chunk(out, bytes, 0, 3);
        chunk(out, bytes, 3, bytes.length - 3);
    }

    private static void chunk(ByteArrayOutputStream out, byte[] bytes, int from, int length) {
        out.writeBytes((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(bytes, from, length);
        out.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
