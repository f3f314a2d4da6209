package io.openshell.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.openshell.proxy.tls.ClientHello;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What bytes mean does not depend on how they arrive, and what could mean two things is refused. */
@Timeout(60)
class BoundaryFuzzTest {
    private static final int LIMIT = 1024;

    /** What one reading of a stream came to: its head and body, or why there is none. */
    private record Read(String head, String body, int left) {}

    static Stream<String> requests() {
        return Stream.of(
                "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /next HTTP/1.1\r\n",
                "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloREST",
                "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;ext=\"a\"\r\nhello\r\n3\r\nabc\r\n0\r\nT: 1\r\n\r\nREST",
                "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\n0\n\nREST",
                "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nhello",
                "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello",
                "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX0\r\n\r\n",
                "GET / HTTP/1.1\nHost: a\n\n", "GET / HTTP/1.1\r\nHost: a\r\n Folded: b\r\n\r\n", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /" + "a".repeat(2 * LIMIT) + " HTTP/1.1\r\nHost: a\r\n\r\n", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "\u0016\u0003\u0001");
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aStreamCutAtEveryByteIsReadAsInOnePiece(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Read whole = read(bytes, bytes.length);
        for (int cut = 1; cut < bytes.length; cut++) {
            assertThat(read(bytes, cut)).as("cut every %s bytes", cut).isEqualTo(whole);
        }
    }

    @Test
    void damagedStreamsAreReadTheSameHoweverTheyArrive() {
        Random random = new Random(20_261_124);
        List<String> seeds = requests().toList();
        for (int i = 0; i < 4_000; i++) {
            byte[] bytes = seeds.get(random.nextInt(3)).getBytes(StandardCharsets.UTF_8);
            for (int damage = random.nextInt(4); damage > 0; damage--) {
                bytes[random.nextInt(bytes.length)] = (byte) "\r\n\0 :;,0aZ\t\u007f".charAt(random.nextInt(12));
            }
            Read whole = read(bytes, bytes.length);
            assertThat(read(bytes, 1)).isEqualTo(whole);
            assertThat(read(bytes, 1 + random.nextInt(bytes.length))).isEqualTo(whole);
        }
    }

    /** Reads a head and its body from bytes that come in pieces. */
    private static Read read(byte[] bytes, int piece) {
        ByteBuf arrived = Unpooled.buffer();
        var scanner = new HeadScanner(LIMIT);
        var out = new ByteArrayOutputStream();
        RequestHead head = null;
        BodyReader body = null;
        try {
            for (int from = 0; from < bytes.length; from += piece) {
                arrived.writeBytes(bytes, from, Math.min(piece, bytes.length - from));
                if (body == null) {
                    switch (scanner.scan(arrived)) {
                        case MORE -> {
                            continue;
                        }
                        case TOO_LONG -> {
                            return new Read("too long", "", 0);
                        }
                        case MALFORMED -> {
                            return new Read("malformed", "", 0);
                        }
                        case END -> {
                            var raw = new byte[scanner.length()];
                            arrived.readBytes(raw);
                            head = HeadParser.request(raw);
                            body = new BodyReader(head.framing());
                        }
                    }
                }
                if (!body.isDone() && arrived.isReadable()) {
                    ByteBuf taken = body.take(arrived);
                    taken.readBytes(out, taken.readableBytes());
                    taken.release();
                }
            }
            return new Read(String.valueOf(head), out.toString(StandardCharsets.UTF_8), arrived.readableBytes());
        } catch (MalformedHttpException | IOException malformed) {
            // How much was passed on before the mistake was seen depends on the pieces; that it is seen does not.
            return new Read(head == null ? "malformed head" : "malformed body", "", 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Content-Length: 5\r\nTransfer-Encoding: chunked", "Content-Length: 5\r\nContent-Length: 6", "Content-Length: 5, 6",
        "Content-Length: +5", "Content-Length: 5 5", "Content-Length: 0x5", "Content-Length: -1", "Content-Length:",
        "Content-Length: 99999999999999999999", "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "Transfer-Encoding: xchunked", "Transfer-Encoding : chunked",
        "Transfer-Encoding: chunked;q=1", "Transfer-Encoding:\u000bchunked", "Host: other", " X: y", "X", ": y", "X\u0000: y", "X: \u0001",
        "X Y: z", "Connection: host", "Connection: content-length", "Connection: transfer-encoding", "Connection: a b"})
    void headsThatTwoReadersCouldTakeDifferentlyAreRefused(String lines) {
        assertThat(read(request("X-Fine: yes").getBytes(StandardCharsets.UTF_8), 1 << 20).head()).contains("X-Fine");
        assertThat(read(request(lines).getBytes(StandardCharsets.UTF_8), 1 << 20).head()).startsWith("malformed");
    }

    private static String request(String lines) {
        return "POST / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n\r\n";
    }

    @Test
    void identicalLengthsAreOne() {
        assertThat(read(request("Content-Length: 0\r\nContent-Length: 0").getBytes(StandardCharsets.UTF_8), 1 << 20).head())
                .contains("Content-Length");
    }

    @Test
    void noGreetingOfTlsMakesTheReaderStumble() {
        Random random = new Random(3);
        byte[] hello = hello("h2", "http/1.1");
        assertThat(ClientHello.of(Unpooled.wrappedBuffer(hello))).isEqualTo(new ClientHello.Complete(List.of("h2", "http/1.1")));
        for (int cut = 0; cut < hello.length; cut++) {
            assertThat(ClientHello.of(Unpooled.wrappedBuffer(hello, 0, cut))).as("cut at %s", cut).isEqualTo(new ClientHello.Incomplete());
        }
        for (int i = 0; i < 50_000; i++) {
            byte[] damaged = hello.clone();
            for (int damage = 1 + random.nextInt(4); damage > 0; damage--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            assertThat(ClientHello.of(Unpooled.wrappedBuffer(damaged, 0, random.nextInt(damaged.length + 1)))).isNotNull();
        }
    }

    private static byte[] hello(String... protocols) {
        ByteBuf names = Unpooled.buffer();
        for (String protocol : protocols) {
            names.writeByte(protocol.length()).writeCharSequence(protocol, StandardCharsets.US_ASCII);
        }
        ByteBuf body = Unpooled.buffer().writeShort(0x303).writeBytes(new byte[32]).writeByte(0).writeShort(2).writeShort(0x1301)
                .writeByte(1).writeByte(0).writeShort(names.readableBytes() + 6 + 4).writeShort(23).writeShort(0)
                .writeShort(16).writeShort(names.readableBytes() + 2).writeShort(names.readableBytes()).writeBytes(names);
        ByteBuf message = Unpooled.buffer().writeByte(1).writeMedium(body.readableBytes()).writeBytes(body);
        int half = message.readableBytes() / 2;
        ByteBuf records = Unpooled.buffer();
        records.writeByte(22).writeShort(0x301).writeShort(half).writeBytes(message, half);
        records.writeByte(22).writeShort(0x301).writeShort(message.readableBytes()).writeBytes(message, message.readableBytes());
        byte[] all = new byte[records.readableBytes()];
        records.readBytes(all);
        return all;
    }
}
