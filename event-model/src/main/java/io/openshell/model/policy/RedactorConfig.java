package io.openshell.model.policy;

import io.openshell.model.middleware.Redactor;
import io.openshell.model.middleware.SecretShape;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The built-in middleware's settings, as a policy writes them. Pure. */
public final class RedactorConfig {
    private static final long MOST_LIMIT = 4 * 1024 * 1024;
    private static final Set<String> FIELDS = Set.of("secrets", "action", "max_body_bytes");

    private RedactorConfig() {}

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
    public static Redactor redactor(ConfigValue.Fields config) {
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
        long limit = values.get("max_body_bytes") instanceof ConfigValue.Number number ? (long) number.value() : Redactor.USUAL_LIMIT;
        return new Redactor(wanted, refuses, limit);
    }
}
