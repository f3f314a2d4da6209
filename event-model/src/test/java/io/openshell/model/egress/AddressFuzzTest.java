package io.openshell.model.egress;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.policy.IpLiteral;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Classes of random addresses, compared with what arithmetic on their numbers says, without any table of blocks. */
class AddressFuzzTest {
    private static final int ROUNDS = 200_000;

    @Test
    void ipv4AddressesHaveTheClassTheirNumberSays() throws UnknownHostException {
        Random random = new Random(20_261_124);
        // First numbers around every edge, so that edges are hit and not only the wide open.
        int[] interesting = {0, 1, 9, 10, 11, 99, 100, 101, 126, 127, 128, 168, 169, 170, 171, 172, 173, 191, 192, 193, 197, 198, 199,
            202, 203, 204, 223, 224, 239, 240, 254, 255};
        for (int i = 0; i < ROUNDS; i++) {
            byte[] raw = new byte[4];
            random.nextBytes(raw);
            if (random.nextInt(4) > 0) {
                raw[0] = (byte) interesting[random.nextInt(interesting.length)];
                raw[1] = random.nextBoolean() ? raw[1] : (byte) new int[] {0, 2, 15, 16, 18, 19, 20, 31, 32, 51, 63, 64, 88, 127, 128, 168, 254}[
                        random.nextInt(17)];
                raw[2] = random.nextBoolean() ? raw[2] : (byte) new int[] {0, 2, 99, 100, 113}[random.nextInt(5)];
            }
            assertThat(AddressClass.of(InetAddress.getByAddress(raw))).as(text(raw)).isEqualTo(v4(raw));
        }
    }

    @Test
    void ipv6AddressesAreAtLeastAsRestrictedAsTheIpv4AddressTheyCarry() throws UnknownHostException {
        Random random = new Random(4);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] raw = new byte[16];
            random.nextBytes(raw);
            byte[] carried = {raw[12], raw[13], raw[14], raw[15]};
            AddressClass expected;
            switch (random.nextInt(7)) {
                case 0 -> {
                    Arrays.fill(raw, 0, 12, (byte) 0);
                    expected = worse(AddressClass.INTERNAL, v4(carried));
                }
                case 1 -> {
                    Arrays.fill(raw, 0, 10, (byte) 0);
                    raw[10] = raw[11] = (byte) 0xff;
                    expected = v4(carried);
                }
                case 2 -> {
                    Arrays.fill(raw, 0, 12, (byte) 0);
                    raw[1] = 0x64;
                    raw[2] = (byte) 0xff;
                    raw[3] = (byte) 0x9b;
                    expected = v4(carried);
                }
                case 3 -> {
                    raw[0] = 0x20;
                    raw[1] = 2;
                    expected = worse(AddressClass.INTERNAL, v4(new byte[] {raw[2], raw[3], raw[4], raw[5]}));
                }
                case 4 -> {
                    raw[0] = (byte) (0xfc | random.nextInt(4));
                    expected = (raw[0] & 0xfe) == 0xfc ? AddressClass.INTERNAL
                            : (raw[0] & 0xff) == 0xff || (raw[1] & 0xc0) == 0x80 ? AddressClass.ALWAYS_BLOCKED
                            : (raw[1] & 0xc0) == 0xc0 ? AddressClass.INTERNAL : AddressClass.PUBLIC;
                }
                default -> {
                    raw[0] = 0x26;
                    expected = AddressClass.PUBLIC;
                }
            }
            assertThat(AddressClass.of(InetAddress.getByAddress(raw))).as(text(raw)).isEqualTo(expected);
        }
    }

    private static AddressClass worse(AddressClass one, AddressClass other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static AddressClass v4(byte[] raw) {
        int a = raw[0] & 0xff;
        int b = raw[1] & 0xff;
        int c = raw[2] & 0xff;
        if (a == 0 || a == 127 || a == 169 && b == 254 || a >= 224 && a < 240) {
            return AddressClass.ALWAYS_BLOCKED;
        }
        boolean internal = a == 10 || a == 172 && b / 16 == 1 || a == 192 && b == 168 || a == 100 && b / 64 == 1
                || a == 192 && b == 0 && (c == 0 || c == 2) || a == 192 && b == 88 && c == 99 || a == 198 && b / 2 == 9
                || a == 198 && b == 51 && c == 100 || a == 203 && b == 0 && c == 113 || a >= 240;
        return internal ? AddressClass.INTERNAL : AddressClass.PUBLIC;
    }

    private static String text(byte[] raw) throws UnknownHostException {
        return InetAddress.getByAddress(raw).getHostAddress();
    }

    @Test
    void noTextIsTakenForAnAddressThatTheSystemReadsDifferently() throws UnknownHostException {
        Random random = new Random(9);
        int read = 0;
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = 1 + random.nextInt(15); length > 0; length--) {
                text.append("0123456789.:afxX% ".charAt(random.nextInt(random.nextBoolean() ? 11 : 18)));
            }
            var literal = IpLiteral.parse(text.toString());
            if (literal.isPresent()) {
                read++;
                assertThat(InetAddress.getByName(text.toString())).as(text.toString()).isEqualTo(literal.get());
            }
        }
        assertThat(read).isPositive();
    }
}
