package io.openshell.proxy.dns;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** What a DNS message asks. */
public sealed interface Question {
    /** Not even worth an answer: an answer itself, or too short. */
    record Noise() implements Question {}

    /** It can be answered, but not with what it asks. */
    record Unfit(Echo echo, Code code) implements Question {}

    /**
     * A question for the addresses of a name.
     *
     * @param name lower case, without a last dot
     * @param v6 whether for those of IPv6
     */
    record Address(Echo echo, String name, boolean v6) implements Question {}

    /** What an answer repeats: the id, whether recursion was wanted, and the question's own bytes. */
    record Echo(int id, boolean recursion, byte[] question) {
        /** Keeps a copy. */
        public Echo {
            question = question.clone();
        }
    }

    /** How a question ended; numbers are those of the protocol. */
    enum Code {
        OK(0), MALFORMED(1), FAILED(2), NO_SUCH_NAME(3), NOT_DONE(4), REFUSED(5);

        private final int number;

        Code(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }

    /** Longest message that is read. */
    int MOST_BYTES = 512;

    /** Reads a message. */
    static Question read(byte[] message) {
        if (message.length < 12 || message.length > MOST_BYTES || (message[2] & 0x80) != 0) {
            return new Noise();
        }
        ByteBuffer in = ByteBuffer.wrap(message);
        int id = in.getShort() & 0xffff;
        int flags = in.getShort() & 0xffff;
        boolean recursion = (flags & 0x100) != 0;
        Echo bare = new Echo(id, recursion, new byte[0]);
        if ((flags & 0x7800) != 0) {
            return new Unfit(bare, Code.NOT_DONE);
        }
        boolean one = in.getShort() == 1 && in.getShort() == 0 && in.getShort() == 0;
        in.position(12);
        String name = one ? name(in) : "";
        if (name.isEmpty() || in.remaining() < 4) {
            return new Unfit(bare, Code.MALFORMED);
        }
        int type = in.getShort() & 0xffff;
        int kind = in.getShort() & 0xffff;
        Echo echo = new Echo(id, recursion, Arrays.copyOfRange(message, 12, in.position()));
        boolean address = kind == 1 && (type == 1 || type == 28);
        return address ? new Address(echo, name, type == 28) : new Unfit(echo, Code.NOT_DONE);
    }

    /** The name in the words of hosts; empty when it is none. A question has nothing before it that it could point to. */
    private static String name(ByteBuffer in) {
        StringBuilder name = new StringBuilder();
        while (in.hasRemaining()) {
            int length = in.get() & 0xff;
            if (length == 0) {
                return name.length() > 253 ? "" : name.toString();
            }
            if (length > 63 || in.remaining() < length) {
                return "";
            }
            byte[] label = new byte[length];
            in.get(label);
            String text = new String(label, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
            if (!text.chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_')) {
                return "";
            }
            name.append(name.isEmpty() ? "" : ".").append(text);
        }
        return "";
    }
}
