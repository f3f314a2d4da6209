package io.openshell.agent.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.runtime.DirectAttempt.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PacketTest {
    private static byte[] v4(int protocol, int fragment, int options) throws Exception {
        return ByteBuffer.allocate(40 + options).put((byte) (0x45 + options / 4)).put(6, (byte) (fragment >> 8)).put(7, (byte) fragment)
                .put(9, (byte) protocol).put(12, InetAddress.getByName("10.200.0.1").getAddress())
                .put(16, InetAddress.getByName("8.8.8.8").getAddress()).putShort(20 + options, (short) 50_000)
                .putShort(22 + options, (short) 443).array();
    }

    private static byte[] v6(int next) throws Exception {
        return ByteBuffer.allocate(60).put((byte) 0x60).put(6, (byte) next).put(8, InetAddress.getByName("::1").getAddress())
                .put(24, InetAddress.getByName("2001:db8::7").getAddress()).putShort(40, (short) 50_000).putShort(42, (short) 53).array();
    }

    @Test
    void bothEndsAreReadBehindWhateverOptions() throws Exception {
        var expected = new Packet(Transport.TCP, new InetSocketAddress("10.200.0.1", 50_000), new InetSocketAddress("8.8.8.8", 443));
        assertThat(Packet.parse(v4(6, 0, 0))).contains(expected);
        assertThat(Packet.parse(v4(6, 0x4000, 40))).as("a packet that may not be cut").contains(expected);
        assertThat(Packet.parse(v6(17))).contains(
                new Packet(Transport.UDP, new InetSocketAddress("::1", 50_000), new InetSocketAddress("2001:db8::7", 53)));
    }

    @Test
    void whatHasNoPortsHasNone() throws Exception {
        assertThat(Packet.parse(v4(1, 0, 0)).orElseThrow().to()).isEqualTo(new InetSocketAddress("8.8.8.8", 0));
        assertThat(Packet.parse(v4(17, 100, 0)).orElseThrow().transport()).as("a later piece").isEqualTo(Transport.OTHER);
        assertThat(Packet.parse(v6(0)).orElseThrow().transport()).isEqualTo(Transport.OTHER);
    }

    @Test
    void anyBytesAreReadOrNot() throws Exception {
        assertThat(Packet.parse(new byte[0])).isEmpty();
        assertThat(Packet.parse(new byte[] {0x45, 0})).isEmpty();
        Random random = new Random(4);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = new byte[random.nextInt(80)];
            random.nextBytes(bytes);
            if (bytes.length > 0) {
                bytes[0] = (byte) (i % 2 == 0 ? 0x40 | random.nextInt(16) : 0x60);
            }
            Packet.parse(bytes).ifPresent(packet -> assertThat(packet.to().getAddress()).isNotNull());
        }
    }
}
