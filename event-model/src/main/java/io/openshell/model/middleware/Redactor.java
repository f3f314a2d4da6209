package io.openshell.model.middleware;

import io.openshell.model.policy.ConfigValue;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
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

    private static final long MOST_LIMIT = 4 * 1024 * 1024;
    private static final Set<String> FIELDS = Set.of("secrets", "action", "max_body_bytes");

    private final Set<SecretShape> wanted;
    private final boolean refuses;
    private final long limit;

    private Redactor(Set<SecretShape> wanted, boolean refuses, long limit) {
        this.wanted = wanted;
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

    /** What is wrong with a configuration; nothing when it can be used. */
    public static List<String> problems(ConfigValue.Fields config) {
        List<String> problems = new ArrayList<>();
        config.values().forEach((name, value) -> {
            boolean fits = switch (name) {
                case "secrets" -> value instanceof ConfigValue.Items items && !items.values().isEmpty()
                        && items.values().stream().allMatch(item -> item instanceof ConfigValue.Text text && shape(text.value()) != null);
                case "action" -> value instanceof ConfigValue.Text text && Set.of("redact", "refuse").contains(text.value());
                case "max_body_bytes" -> value instanceof ConfigValue.Number number && number.value() == Math.rint(number.value())
                        && number.value() >= 1 && number.value() <= MOST_LIMIT;
                default -> false;
            };
            if (!fits) {
                problems.add(FIELDS.contains(name) ? name + " must be " + expected(name) : "unknown setting " + name);
            }
        });
        return problems;
    }

    private static String expected(String name) {
        return switch (name) {
            case "secrets" -> "a list of " + String.join(", ", names());
            case "action" -> "redact or refuse";
            default -> "a number from 1 to " + MOST_LIMIT;
        };
    }

    private static List<String> names() {
        return EnumSet.allOf(SecretShape.class).stream().map(SecretShape::text).toList();
    }

    private static @Nullable SecretShape shape(String text) {
        for (SecretShape shape : SecretShape.values()) {
            if (shape.text().equals(text)) {
                return shape;
            }
        }
        return null;
    }

    /**
     * One with this configuration.
     *
     * @throws IllegalArgumentException when {@link #problems} finds any
     */
    public static Redactor of(ConfigValue.Fields config) {
        List<String> problems = problems(config);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        Map<String, ConfigValue> values = config.values();
        Set<SecretShape> wanted = EnumSet.noneOf(SecretShape.class);
        if (values.get("secrets") instanceof ConfigValue.Items items) {
            items.values().forEach(item -> wanted.add(shape(((ConfigValue.Text) item).value())));
        } else {
            wanted.addAll(EnumSet.allOf(SecretShape.class));
        }
        boolean refuses = values.get("action") instanceof ConfigValue.Text text && text.value().equals("refuse");
        long limit = values.get("max_body_bytes") instanceof ConfigValue.Number number ? (long) number.value() : USUAL_LIMIT;
        return new Redactor(wanted, refuses, limit);
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
