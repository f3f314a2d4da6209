package io.openshell.proxy;

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

/** The upstream's end of one request: brings the response back, trailers included, as fast as the client takes it. */
final class Http2Answer extends ChannelInboundHandlerAdapter {
    private final Http2Request request;
    private final Http2StreamChannel client;
    private boolean begun;
    private boolean ended;

    Http2Answer(Http2Request request, Http2StreamChannel client) {
        this.request = request;
        this.client = client;
    }

    @Override
    public void channelRead(ChannelHandlerContext handler, Object message) {
        if (ended) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof Http2HeadersFrame head) {
            begun = true;
            end(client.write(new DefaultHttp2HeadersFrame(head.headers(), head.isEndStream())), head.isEndStream());
        } else if (message instanceof Http2DataFrame data) {
            boolean last = data.isEndStream();
            var written = client.write(new DefaultHttp2DataFrame(data.content(), last));
            handler.channel().config().setAutoRead(client.isWritable());
            end(written, last);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void end(ChannelFuture written, boolean last) {
        if (last) {
            ended = true;
            request.answered(written);
            client.flush();
        }
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
            ended = true;
            client.writeAndFlush(new DefaultHttp2ResetFrame(reset.errorCode()));
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext handler) {
        if (ended) {
            return;
        }
        ended = true;
        if (begun) {
            client.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR));
        } else {
            request.lost();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext handler, Throwable cause) {
        handler.close();
    }
}
