package io.openshell.proxy.dns;

import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Writes answers. Pure. */
public final class Answer {
    private static final int POINTER_TO_QUESTION = 0xc00c;

    private Answer() {}

    /** An answer without addresses. */
    public static byte[] of(Question.Echo to, Question.Code code) {
        return of(to, code, Optional.empty(), 0);
    }

    /** An answer with one address, valid for so many seconds. */
    public static byte[] of(Question.Echo to, Inet4Address address, int seconds) {
        return of(to, Question.Code.OK, Optional.of(address), seconds);
    }

    private static byte[] of(Question.Echo to, Question.Code code, Optional<Inet4Address> address, int seconds) {
        ByteBuffer out = ByteBuffer.allocate(Question.MOST_BYTES);
        int asked = to.recursion() ? 0x100 : 0;
        out.putShort((short) to.id()).putShort((short) (0x8080 | asked | code.number()));
        out.putShort((short) (to.question().length == 0 ? 0 : 1)).putShort((short) (address.isPresent() ? 1 : 0)).putInt(0);
        out.put(to.question());
        address.ifPresent(found -> out.putShort((short) POINTER_TO_QUESTION).putShort((short) 1).putShort((short) 1).putInt(seconds)
                .putShort((short) 4).put(found.getAddress()));
        return Arrays.copyOf(out.array(), out.position());
    }
}
