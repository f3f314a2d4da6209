package io.openshell.model.middleware;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The built-in middleware: takes secrets that can be told by their form out of request bodies, or refuses such requests. It guards
 * against accidents; whoever wants to hide a secret from it can. Immutable, any thread.
 */
public final class Redactor {
    /** What a policy calls it. */
    public static final String NAME = "redactor";

    /** The most of a body it reads when the policy does not say. */
    public static final long USUAL_LIMIT = 256 * 1024;

    private final Set<SecretShape> wanted;
    private final boolean refuses;
    private final long limit;

    /**
     * One that looks for these forms.
     *
     * @param refuses whether a request with such a secret is refused instead of sent without it
     * @param limit the most bytes of a body it reads
     */
    public Redactor(Set<SecretShape> wanted, boolean refuses, long limit) {
        this.wanted = Set.copyOf(wanted);
        this.refuses = refuses;
        this.limit = limit;
    }

    /** What became of a body. */
    public sealed interface Result {
        /**
         * It goes on.
         *
         * @param body what is sent
         * @param removed how many secrets of each form were taken out; empty when it is what came
         */
        record Passed(byte[] body, SortedMap<String, Integer> removed) implements Result {}

        /**
         * It must not go on.
         *
         * @param found the forms of the secrets in it
         */
        record Refused(List<String> found) implements Result {}
    }

    /** The most bytes of a body it reads. */
    public long limit() {
        return limit;
    }

    /** Looks through a body. */
    public Result look(byte[] body) {
        SortedMap<String, Integer> found = new TreeMap<>();
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length);
        int kept = 0;
        for (int at = 0; at < body.length; at++) {
            SecretShape shape = at > 0 && isWord(body[at - 1]) ? null : beginning(body, at);
            if (shape != null) {
                out.write(body, kept, at - kept);
                out.writeBytes(("[REDACTED:" + shape.text() + "]").getBytes(StandardCharsets.US_ASCII));
                found.merge(shape.text(), 1, Integer::sum);
                kept = shape.end(body, at);
                at = kept - 1;
            }
        }
        if (refuses && !found.isEmpty()) {
            return new Result.Refused(List.copyOf(found.keySet()));
        }
        out.write(body, kept, body.length - kept);
        return new Result.Passed(found.isEmpty() ? body : out.toByteArray(), found);
    }

    private @Nullable SecretShape beginning(byte[] body, int at) {
        for (SecretShape shape : wanted) {
            if (shape.end(body, at) > at) {
                return shape;
            }
        }
        return null;
    }

    /** In the middle of a word nothing begins. */
    private static boolean isWord(byte b) {
        return b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' || b == '_';
    }
}
