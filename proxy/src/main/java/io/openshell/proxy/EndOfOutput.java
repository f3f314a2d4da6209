package io.openshell.proxy;

import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;

/** Ends the sending direction of a connection; where TLS is on it, in the words of TLS first. */
final class EndOfOutput {
    private EndOfOutput() {}

    static ChannelFuture send(SocketChannel channel) {
        var tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound();
        }
        return channel.shutdownOutput();
    }
}
