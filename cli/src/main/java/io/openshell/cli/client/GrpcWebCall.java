package io.openshell.cli.client;

import com.google.protobuf.MessageLite;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One gRPC-Web call over one connection: a request frame out, answer frames and a trailer frame in. */
final class GrpcWebCall {
    private static final int TRAILERS = 0x80;
    private static final int COMPRESSED = 0x01;
    private static final int MAX_FRAME = 64 * 1024 * 1024;

    private final Endpoint endpoint;
    private final Map<String, String> metadata;

    GrpcWebCall(Endpoint endpoint, Map<String, String> metadata) {
        this.endpoint = endpoint;
        this.metadata = metadata;
    }

    /**
     * Sends the request and hands every answer on, in order, on the calling thread.
     *
     * @param onAnswer false ends the call early without an error
     * @param deadline how long the whole call may take, or null when it lasts as long as its subject
     * @throws RpcException when the gateway refuses, is away, or the deadline passes
     */
    <Q extends MessageLite, R extends MessageLite> void run(Rpc<Q, R> rpc, Q request, Predicate<R> onAnswer,
            @Nullable Duration deadline) {
        try (Connection connection = endpoint.connect();
                Watchdog watchdog = Watchdog.over(connection, deadline)) {
            try {
                send(connection, rpc.path(), request);
                receive(HttpResponse.read(connection.in()), rpc, onAnswer);
            } catch (IOException e) {
                throw watchdog.fired()
                        ? new RpcException(RpcCode.DEADLINE_EXCEEDED, "the gateway did not answer in time")
                        : new RpcException(RpcCode.UNAVAILABLE, "the connection to the gateway broke: " + e.getMessage());
            }
        } catch (IOException e) {
            throw new RpcException(RpcCode.UNAVAILABLE, "the gateway cannot be reached: " + e.getMessage());
        }
    }

    private void send(Connection connection, String path, MessageLite request) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512 + request.getSerializedSize());
        StringBuilder head = new StringBuilder(256)
                .append("POST ").append(path).append(" HTTP/1.1\r\nhost: ").append(endpoint.authority())
                .append("\r\ncontent-type: application/grpc-web+proto\r\naccept: application/grpc-web+proto\r\n")
                .append("x-grpc-web: 1\r\nconnection: close\r\ncontent-length: ")
                .append(5 + request.getSerializedSize()).append("\r\n");
        metadata.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        out.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        DataOutputStream frame = new DataOutputStream(out);
        frame.writeByte(0);
        frame.writeInt(request.getSerializedSize());
        request.writeTo(frame);
        frame.flush();
        connection.out().write(out.toByteArray());
        connection.out().flush();
    }

    private <R extends MessageLite> void receive(HttpResponse response, Rpc<?, R> rpc, Predicate<R> onAnswer)
            throws IOException {
        if (response.headers().containsKey("grpc-status")) {
            finish(response.headers());
            return;
        }
        if (response.status() != 200) {
            throw new RpcException(response.status() == 404 ? RpcCode.UNIMPLEMENTED : RpcCode.UNAVAILABLE,
                    "the gateway answered HTTP " + response.status());
        }
        DataInputStream in = new DataInputStream(response.body());
        while (true) {
            int flags = in.read();
            if (flags < 0) {
                throw new EOFException("no trailers");
            }
            byte[] content = content(in, flags);
            if ((flags & TRAILERS) != 0) {
                finish(trailers(content));
                return;
            }
            if (!onAnswer.test(rpc.answers().parseFrom(content))) {
                return;
            }
        }
    }

    private static byte[] content(DataInputStream in, int flags) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MAX_FRAME || (flags & COMPRESSED) != 0) {
            throw new IOException("unreadable frame");
        }
        byte[] content = new byte[length];
        in.readFully(content);
        return content;
    }

    private static Map<String, String> trailers(byte[] content) {
        Map<String, String> trailers = new HashMap<>();
        for (String line : new String(content, StandardCharsets.UTF_8).split("\r?\n")) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                trailers.put(line.substring(0, colon).strip().toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
            }
        }
        return trailers;
    }

    private static void finish(Map<String, String> trailers) {
        String status = trailers.getOrDefault("grpc-status", "2");
        RpcCode code = RpcCode.of(status.matches("[0-9]{1,3}") ? Integer.parseInt(status) : 2);
        if (code != RpcCode.OK) {
            String message = decoded(trailers.getOrDefault("grpc-message", ""));
            throw new RpcException(code, message.isEmpty() ? "the gateway answered " + code : message);
        }
    }

    private static String decoded(String message) {
        try {
            // gRPC percent-encodes only what is not plain ASCII; a plus sign stands for itself.
            return URLDecoder.decode(message.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return message;
        }
    }
}
