package io.openshell.proxy;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2StreamFrame;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes replies as HTTP/2 responses; a caller of gRPC is told in its own words. Pure. */
final class Http2Reply {
    private static final int GRPC_UNKNOWN = 2;
    private static final int GRPC_INVALID = 3;
    private static final int GRPC_DENIED = 7;
    private static final int GRPC_UNAVAILABLE = 14;

    private Http2Reply() {}

    /** The frames that say a reply and end the stream. */
    static List<Http2StreamFrame> frames(Reply reply, String decisionId, boolean grpc, boolean advised) {
        var said = ReplyWriter.said(reply, decisionId, advised).orElse(new ReplyWriter.Said(403, "", "", ""));
        Http2Headers headers = new DefaultHttp2Headers(false);
        if (grpc) {
            headers.status("200").add("content-type", "application/grpc")
                    .add("grpc-status", Integer.toString(code(said.status())))
                    .add("grpc-message", message(reply, decisionId));
            policy(headers, said);
            return List.of(new DefaultHttp2HeadersFrame(headers, true));
        }
        var body = said.body().getBytes(StandardCharsets.UTF_8);
        headers.status(Integer.toString(said.status())).addInt("content-length", body.length);
        if (!said.type().isEmpty()) {
            headers.add("content-type", said.type());
        }
        policy(headers, said);
        return body.length == 0
                ? List.of(new DefaultHttp2HeadersFrame(headers, true))
                : List.of(new DefaultHttp2HeadersFrame(headers, false),
                        new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body), true));
    }

    private static void policy(Http2Headers headers, ReplyWriter.Said said) {
        if (!said.policyKey().isEmpty()) {
            headers.add("x-openshell-policy", ReplyWriter.fieldValue(said.policyKey()));
        }
    }

    private static int code(int status) {
        return switch (status) {
            case 400 -> GRPC_INVALID;
            case 403 -> GRPC_DENIED;
            case 502, 503 -> GRPC_UNAVAILABLE;
            default -> GRPC_UNKNOWN;
        };
    }

    private static String message(Reply reply, String decisionId) {
        var detail = switch (reply) {
            case Reply.Denied denied -> denied.denial().detail();
            case Reply.Json json -> json.error() + ": " + json.detail();
            case Reply.Text text -> text.text();
            case Reply.Bare bare -> "the request is malformed";
            case Reply.Drop drop -> "refused";
        };
        var out = new StringBuilder();
        for (byte b : (detail + " (decision " + decisionId + ")").getBytes(StandardCharsets.UTF_8)) {
            if (b >= 0x20 && b < 0x7f && b != '%') {
                out.append((char) b);
            } else {
                out.append('%').append(String.format("%02X", b & 0xff));
            }
        }
        return out.toString();
    }
}
