package io.openshell.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.openshell.proxy.credential.CredentialSet;
import io.openshell.proxy.credential.FilledRequest;
import io.openshell.proxy.credential.MarkerScan;
import io.openshell.proxy.http.Http2Fields;
import io.openshell.proxy.http.MalformedHttpException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The client's end of one request: decided about by its head, or together with its body, and then sent on as it comes. */
final class Http2Request extends ChannelInboundHandlerAdapter {
    private final Http2Tunnel tunnel;
    private final Http2StreamChannel client;
    /** What came before there was somewhere to send it; no more than one window. */
    private final Deque<Http2StreamFrame> waiting = new ArrayDeque<>();
    private @Nullable Http2StreamChannel upstream;
    private RequestGate.Outcome.@Nullable Collect collecting;
    private ByteBuf collected = Unpooled.buffer(0);
    private CredentialSet credentials = CredentialSet.NONE;
    private final MarkerScan watch = new MarkerScan();
    private boolean headed;
    private boolean grpc;
    private boolean over;
    private boolean sentAll;

    Http2Request(Http2Tunnel tunnel, Http2StreamChannel client) {
        this.tunnel = tunnel;
        this.client = client;
    }

    @Override
    public void channelRead(ChannelHandlerContext handler, Object message) {
        if (over || !(message instanceof Http2StreamFrame frame)) {
            ReferenceCountUtil.release(message);
            return;
        }
        try {
            if (!headed && frame instanceof Http2HeadersFrame head) {
                headed = true;
                head(head);
            } else if (collecting != null) {
                collect(collecting, frame);
            } else {
                pass(frame);
            }
        } catch (MalformedHttpException malformed) {
            refuse(Refusal.malformed(tunnel.context().grant().policyKey(), String.valueOf(malformed.getMessage())),
                    tunnel.context().ask("UNREADABLE", ""));
        }
    }

    private void head(Http2HeadersFrame frame) throws MalformedHttpException {
        grpc = String.valueOf(frame.headers().get("content-type")).startsWith("application/grpc");
        sentAll = frame.isEndStream();
        var head = Http2Fields.request(frame.headers(), frame.isEndStream());
        credentials = tunnel.credentials();
        var outcome = tunnel.judged(head, Optional.empty());
        if (outcome instanceof RequestGate.Outcome.Collect collect) {
            collecting = collect;
            if (head.hasMember("expect", "100-continue")) {
                client.writeAndFlush(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers(false).status("100")));
            }
        } else {
            decide(outcome, Unpooled.EMPTY_BUFFER);
        }
    }

    /** Gathers a body that is needed for the decision. */
    private void collect(RequestGate.Outcome.Collect collect, Http2StreamFrame frame) throws MalformedHttpException {
        boolean last;
        if (frame instanceof Http2DataFrame data) {
            last = data.isEndStream();
            boolean fits = collected.readableBytes() + (long) data.content().readableBytes() <= collect.need().limit();
            if (fits) {
                collected.writeBytes(data.content());
            }
            data.release();
            if (!fits) {
                decide(RequestGate.oversized(tunnel.context(), collect), Unpooled.EMPTY_BUFFER);
                return;
            }
        } else if (frame instanceof Http2HeadersFrame trailers) {
            Http2Fields.requireTrailers(trailers.headers());
            last = trailers.isEndStream();
        } else {
            ReferenceCountUtil.release(frame);
            return;
        }
        if (last) {
            collecting = null;
            sentAll = true;
            var bytes = new byte[collected.readableBytes()];
            collected.getBytes(collected.readerIndex(), bytes);
            credentials = tunnel.credentials();
            var outcome = tunnel.judged(collect.head(), Optional.of(bytes));
            decide(outcome, Unpooled.wrappedBuffer(
                    outcome instanceof RequestGate.Outcome.Pass pass ? pass.body().orElse(bytes) : bytes));
        }
    }

    private void decide(RequestGate.Outcome outcome, ByteBuf body) {
        var id = UUID.randomUUID().toString();
        switch (outcome) {
            case RequestGate.Outcome.Refuse refuse -> refuse(refuse.refusal(), refuse.ask(), id);
            case RequestGate.Outcome.Collect collect -> throw new IllegalStateException("a body is collected only once");
            case RequestGate.Outcome.Pass pass -> {
                if (!tunnel.isCurrent()) {
                    refuse(Refusal.stale(tunnel.context().grant()), pass.ask(), id);
                } else if (!tunnel.recorded(pass.finding(), pass.ask(), id)) {
                    answer(new Reply.Json(503, "verdict_not_recorded", "the decision could not be recorded", Optional.empty()), id);
                } else {
                    open(pass, body);
                }
            }
        }
    }

    private void open(RequestGate.Outcome.Pass pass, ByteBuf body) {
        client.config().setAutoRead(false);
        var answer = new Http2Answer(this, client, pass.answer());
        tunnel.open(answer).addListener((Future<Http2StreamChannel> opened) -> {
            if (!opened.isSuccess()) {
                unreachable();
            } else if (over) {
                opened.getNow().close();
            } else if (pass.filled() && !credentials.equals(tunnel.credentials())) {
                // They changed while the stream was opened: what was filled in may be of no use, or not to be used, any more.
                opened.getNow().close();
                refuse(Refusal.noCredential(tunnel.context(), "the credentials changed meanwhile"), pass.ask());
            } else {
                opened(opened.getNow(), pass, body);
            }
        });
    }

    private void opened(Http2StreamChannel stream, RequestGate.Outcome.Pass pass, ByteBuf body) {
        upstream = stream;
        var headers = Http2Fields.forUpstream(pass.head(), pass.url(), tunnel.context().defaultPort());
        boolean bare = sentAll && !body.isReadable();
        stream.write(new DefaultHttp2HeadersFrame(headers, bare));
        if (body.isReadable()) {
            stream.write(new DefaultHttp2DataFrame(body, true));
        }
        for (var frame = waiting.poll(); frame != null; frame = waiting.poll()) {
            stream.write(frame);
        }
        stream.flush();
        client.config().setAutoRead(stream.isWritable());
    }

    private void pass(Http2StreamFrame frame) throws MalformedHttpException {
        if (frame instanceof Http2HeadersFrame trailers) {
            Http2Fields.requireTrailers(trailers.headers());
            if (!credentials.isEmpty() && isMarked(trailers)) {
                marked();
                return;
            }
            sentAll |= trailers.isEndStream();
            send(new DefaultHttp2HeadersFrame(trailers.headers(), trailers.isEndStream()));
        } else if (frame instanceof Http2DataFrame data) {
            if (!credentials.isEmpty() && watch.sees(data.content())) {
                data.release();
                marked();
                return;
            }
            sentAll |= data.isEndStream();
            send(new DefaultHttp2DataFrame(data.content(), data.isEndStream()));
        } else {
            ReferenceCountUtil.release(frame);
        }
    }

    private static boolean isMarked(Http2HeadersFrame trailers) {
        for (var field : trailers.headers()) {
            if (MarkerScan.isIn(field.getKey().toString()) || MarkerScan.isIn(field.getValue().toString())) {
                return true;
            }
        }
        return false;
    }

    /** A placeholder came in a body that is on its way: the upstream has not seen all of it and never will. */
    private void marked() {
        refuse(Refusal.noCredential(tunnel.context(), FilledRequest.LEFT_OVER), tunnel.context().ask("BODY", ""));
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
    }

    private void send(Http2StreamFrame frame) {
        var to = upstream;
        if (to == null) {
            waiting.add(frame);
        } else {
            to.write(frame);
            client.config().setAutoRead(to.isWritable());
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext handler) {
        if (upstream != null) {
            upstream.flush();
        }
    }

    /** The upstream takes more again, or no more. */
    void pump() {
        if (upstream != null && !over) {
            client.config().setAutoRead(upstream.isWritable());
        }
    }

    /** The response has come to its end with this write. */
    void answered(ChannelFuture last) {
        over = true;
        stop(last);
    }

    /** What is left of the request is not wanted. Said after the response is out: a reset would take what waits for its window. */
    private void stop(ChannelFuture last) {
        if (!sentAll) {
            last.addListener(written -> client.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR)));
        }
    }

    /** The upstream could not be asked. */
    void unreachable() {
        answer(new Reply.Json(502, "upstream_unreachable", "the upstream did not answer properly", Optional.empty()), "");
    }

    /** The upstream went before it answered. */
    void lost() {
        upstream = null;
        unreachable();
    }

    /** What the upstream answers, or does not, is not passed on. */
    void refused(Reply reply) {
        letGo();
        answer(reply, "");
    }

    /** Nothing more is wanted of the upstream. */
    void letGo() {
        if (upstream != null) {
            upstream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
            upstream = null;
        }
    }

    private void refuse(Refusal refusal, Ask ask) {
        refuse(refusal, ask, UUID.randomUUID().toString());
    }

    private void refuse(Refusal refusal, Ask ask, String id) {
        tunnel.recorded(refusal.finding(), ask, id);
        answer(refusal.reply(), id);
    }

    /** The proxy's own last word on this stream; other streams go on. */
    private void answer(Reply reply, String id) {
        if (over) {
            return;
        }
        over = true;
        if (upstream != null) {
            // Part of the request is out: it must not look complete to the upstream.
            upstream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
            client.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.PROTOCOL_ERROR));
            return;
        }
        ChannelFuture last = client.newSucceededFuture();
        for (var frame : Http2Reply.frames(reply, id, grpc, tunnel.isAdvised())) {
            last = client.write(frame);
        }
        stop(last);
        client.flush();
        client.config().setAutoRead(true);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext handler) {
        if (upstream != null) {
            upstream.config().setAutoRead(client.isWritable());
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext handler, Object event) {
        if (event instanceof Http2ResetFrame) {
            leave();
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext handler) {
        leave();
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
        collected.release();
        collected = Unpooled.EMPTY_BUFFER;
    }

    /** The client does not want the answer any more. */
    private void leave() {
        if (!over) {
            over = true;
            if (upstream != null) {
                upstream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext handler, Throwable cause) {
        handler.close();
    }
}
