package io.openshell.proxy;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;

/** Questions to policy DNS that come as datagrams. */
final class NameDatagrams extends SimpleChannelInboundHandler<DatagramPacket> {
    private final PolicyNames names;

    NameDatagrams(PolicyNames names) {
        this.names = names;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
        var sender = packet.sender();
        var own = (InetSocketAddress) context.channel().localAddress();
        names.answer(ByteBufUtil.getBytes(packet.content()), new PolicyNames.Asker(sender, own, true), context.channel().eventLoop(),
                bytes -> context.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(bytes), sender)));
    }

    /** One datagram that cannot be sent or read is no reason to serve no others. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        names.failed(cause);
    }
}
