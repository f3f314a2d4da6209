package io.openshell.cli.client;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLSocket;

/**
 * An open byte stream to a gateway. Closing it from another thread ends a blocked read with an error.
 *
 * @param in bytes from the gateway
 * @param out bytes to the gateway
 * @param closer what to close
 */
public record Connection(InputStream in, OutputStream out, AutoCloseableIo closer) implements AutoCloseable {
    private static final int CONNECT_TIMEOUT_MS = 10_000;
    private static final int BUFFER_BYTES = 32 * 1024;

    /** Something whose closing may fail. */
    public interface AutoCloseableIo {
        /** Closes it. */
        void close() throws IOException;
    }

    static Connection plain(Endpoint.Plain plain) throws IOException {
        return of(tcp(plain.host(), plain.port()));
    }

    static Connection secure(Endpoint.Tls tls) throws IOException {
        return of(handshaken(tls));
    }

    static Connection unix(Endpoint.Unix unix) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(unix.socket()));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        return new Connection(new BufferedInputStream(Channels.newInputStream(channel), BUFFER_BYTES),
                Channels.newOutputStream(channel), channel::close);
    }

    private static Socket tcp(String host, int port) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(host, port), CONNECT_TIMEOUT_MS);
            socket.setTcpNoDelay(true);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        return socket;
    }

    private static Socket handshaken(Endpoint.Tls tls) throws IOException {
        Socket plain = tcp(tls.host(), tls.port());
        try {
            plain.setSoTimeout(CONNECT_TIMEOUT_MS);
            SSLSocket socket = TlsFiles.wrap(plain, tls);
            socket.startHandshake();
            plain.setSoTimeout(0);
            return socket;
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    private static Connection of(Socket socket) throws IOException {
        return new Connection(new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES), socket.getOutputStream(),
                socket::close);
    }

    @Override
    public void close() throws IOException {
        closer.close();
    }
}
