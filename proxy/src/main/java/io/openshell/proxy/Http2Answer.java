package io.openshell.proxy;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.ReferenceCountUtil;
import io.openshell.proxy.inference.AnswerLimits;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The upstream's end of one request: brings the response back, trailers included, as fast as the client takes it. */
final class Http2Answer extends ChannelInboundHandlerAdapter {
    private final Http2Request request;
    private final Http2StreamChannel client;
    private final @Nullable AnswerWatch watch;
    private boolean begun;
    private boolean ended;

    Http2Answer(Http2Request request, Http2StreamChannel client, Optional<AnswerLimits> limits) {
        this.request = request;
        this.client = client;
        this.watch = limits.map(given -> AnswerWatch.over(given, client.eventLoop(), this::late)).orElse(null);
    }

    @Override
    public void channelRead(ChannelHandlerContext handler, Object message) {
        if (ended) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof Http2HeadersFrame head) {
            if (!begun && !begins(head)) {
                return;
            }
            end(client.write(new DefaultHttp2HeadersFrame(head.headers(), head.isEndStream())), head.isEndStream());
        } else if (message instanceof Http2DataFrame data) {
            boolean last = data.isEndStream();
            if (watch != null && !watch.takes(data.content().readableBytes())) {
                data.release();
                truncated();
                return;
            }
            var written = client.write(new DefaultHttp2DataFrame(data.content(), last));
            handler.channel().config().setAutoRead(client.isWritable());
            end(written, last);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void end(ChannelFuture written, boolean last) {
        if (last) {
            over();
            request.answered(written);
            client.flush();
        }
    }

    /** The first head that is not an interim one; false when the answer it promises is too long to be passed on. */
    private boolean begins(Http2HeadersFrame head) {
        boolean interim = String.valueOf(head.headers().status()).startsWith("1");
        if (watch != null && !interim) {
            if (!watch.fits(head.headers().getLong("content-length", 0))) {
                over();
                request.refused(AnswerWatch.tooLong());
                return false;
            }
            watch.headed(Optional.ofNullable(head.headers().get("content-type")).map(CharSequence::toString),
                    head.headers().contains("content-encoding"));
        }
        begun = !interim;
        return true;
    }

    private void over() {
        ended = true;
        if (watch != null) {
            watch.stop();
        }
    }

    /** The answer did not come within its time. */
    private void late() {
        if (ended || watch == null) {
            return;
        }
        if (begun) {
            truncated();
        } else {
            over();
            request.refused(watch.late());
        }
    }

    /** An answer ends before its end: a stream of events says so, otherwise the reset does. */
    private void truncated() {
        boolean events = watch != null && watch.isEvents();
        over();
        if (events) {
            request.answered(client.writeAndFlush(
                    new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(AnswerWatch.lastEvent()), true)));
        } else {
            client.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR));
        }
        request.letGo();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext handler) {
        client.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext handler) {
        request.pump();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext handler, Object event) {
        if (event instanceof Http2ResetFrame reset && !ended) {
            over();
            client.writeAndFlush(new DefaultHttp2ResetFrame(reset.errorCode()));
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext handler) {
        if (ended) {
            return;
        }
        if (begun) {
            truncated();
        } else {
            over();
            request.lost();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext handler, Throwable cause) {
        handler.close();
    }
}
