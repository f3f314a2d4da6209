package io.openshell.proxy.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QuestionTest {
    private static byte[] message(int flags, String name, int type, int kind) {
        ByteArrayOutputStream labels = new ByteArrayOutputStream();
        for (String label : name.isEmpty() ? new String[0] : name.split("\\.")) {
            labels.write(label.length());
            labels.writeBytes(label.getBytes(StandardCharsets.ISO_8859_1));
        }
        ByteBuffer out = ByteBuffer.allocate(1_024).putShort((short) 0x1234).putShort((short) flags).putShort((short) 1)
                .putShort((short) 0).putInt(0).put(labels.toByteArray()).put((byte) 0).putShort((short) type).putShort((short) kind);
        return Arrays.copyOf(out.array(), out.position());
    }

    private static Question.Code unfit(byte[] message) {
        assertThat(Question.read(message)).isInstanceOf(Question.Unfit.class);
        return ((Question.Unfit) Question.read(message)).code();
    }

    @Test
    void aQuestionForAddressesIsReadInLowerCase() {
        Question.Address v4 = (Question.Address) Question.read(message(0x100, "DB.Example.com", 1, 1));
        assertThat(v4.name()).isEqualTo("db.example.com");
        assertThat(v4.v6()).isFalse();
        assertThat(v4.echo().recursion()).isTrue();
        assertThat(((Question.Address) Question.read(message(0, "a", 28, 1))).v6()).isTrue();
    }

    @Test
    void whatIsNoQuestionForAddressesIsAnsweredByItsKind() {
        assertThat(unfit(message(0x100, "a.example.com", 16, 1))).isEqualTo(Question.Code.NOT_DONE);
        assertThat(unfit(message(0x100, "a.example.com", 1, 3))).isEqualTo(Question.Code.NOT_DONE);
        assertThat(unfit(message(0x2800, "a.example.com", 1, 1))).as("an update").isEqualTo(Question.Code.NOT_DONE);
        assertThat(unfit(message(0x100, "", 1, 1))).isEqualTo(Question.Code.MALFORMED);
        assertThat(unfit(message(0x100, "a b.example.com", 1, 1))).isEqualTo(Question.Code.MALFORMED);
        assertThat(unfit(message(0x100, "a\u0000b.com", 1, 1))).isEqualTo(Question.Code.MALFORMED);
        String longest = "a".repeat(63);
        assertThat(unfit(message(0x100, longest + "." + longest + "." + longest + "." + longest, 1, 1))).isEqualTo(Question.Code.MALFORMED);
        byte[] pointer = message(0x100, "abc", 1, 1);
        pointer[12] = (byte) 0xc0;
        assertThat(unfit(pointer)).isEqualTo(Question.Code.MALFORMED);
    }

    @Test
    void anAnswerOrASplinterIsNoise() {
        assertThat(Question.read(message(0x8100, "a", 1, 1))).isEqualTo(new Question.Noise());
        assertThat(Question.read(new byte[11])).isEqualTo(new Question.Noise());
        assertThat(Question.read(new byte[513])).isEqualTo(new Question.Noise());
    }

    @Test
    void anAnswerRepeatsTheQuestionAndHasOneAddress() throws Exception {
        Question.Address asked = (Question.Address) Question.read(message(0x100, "db.test", 1, 1));
        ByteBuffer answer = ByteBuffer.wrap(Answer.of(asked.echo(), (Inet4Address) InetAddress.getByName("198.18.0.7"), 30));
        assertThat(answer.getShort(0)).isEqualTo((short) 0x1234);
        assertThat(answer.getShort(2) & 0xffff).isEqualTo(0x8180);
        assertThat(answer.getShort(4)).isEqualTo((short) 1);
        assertThat(answer.getShort(6)).isEqualTo((short) 1);
        assertThat(Arrays.copyOfRange(answer.array(), answer.capacity() - 10, answer.capacity()))
                .containsExactly(0, 0, 0, 30, 0, 4, 198, 18, 0, 7);
    }

    @Test
    void noBytesAreTooStrangeToBeAnswered() {
        Random random = new Random(27);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = i % 2 == 0 ? message(0x100, "db.example.com", 1, 1) : new byte[random.nextInt(64)];
            for (int flip = 0; flip <= random.nextInt(6) && bytes.length > 0; flip++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            switch (Question.read(bytes)) {
                case Question.Noise noise -> { }
                case Question.Unfit unfit -> assertThat(Answer.of(unfit.echo(), unfit.code()).length).isLessThanOrEqualTo(512);
                case Question.Address address -> {
                    assertThat(address.name()).matches("[a-z0-9_.-]{1,253}");
                    assertThat(Answer.of(address.echo(), Question.Code.REFUSED).length).isLessThanOrEqualTo(512);
                }
            }
        }
    }
}
