package io.openshell.cli.json;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes maps, iterables and scalars as block-style YAML; text that YAML could misread is quoted. */
public final class YamlWriter {
    private static final Set<String> WORDS = Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n", "~");

    private YamlWriter() {}

    /** The document as text, ending in a newline. */
    public static String write(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        block(out, value, 0);
        return out.toString();
    }

    private static void block(StringBuilder out, @Nullable Object value, int level) {
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.append("  ".repeat(level)).append(scalar(String.valueOf(entry.getKey()))).append(':');
                nested(out, entry.getValue(), level);
            }
        } else if (value instanceof Iterable<?> items && items.iterator().hasNext()) {
            for (Object item : items) {
                // Written a level deeper than the dash, which then takes the place of the first two blanks.
                int dash = out.length() + 2 * level;
                block(out, item, level + 1);
                out.setCharAt(dash, '-');
            }
        } else {
            out.append("  ".repeat(level)).append(inline(value)).append('\n');
        }
    }

    private static void nested(StringBuilder out, @Nullable Object value, int level) {
        boolean inline = !(value instanceof Map<?, ?> map && !map.isEmpty())
                && !(value instanceof Iterable<?> items && items.iterator().hasNext());
        if (inline) {
            out.append(' ').append(inline(value)).append('\n');
        } else {
            out.append('\n');
            block(out, value, level + 1);
        }
    }

    private static String inline(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case Map<?, ?> ignored -> "{}";
            case Iterable<?> ignored -> "[]";
            case Number number -> number.toString();
            case Boolean flag -> flag.toString();
            default -> scalar(value.toString());
        };
    }

    private static String scalar(String text) {
        if (text.matches("[A-Za-z_/][A-Za-z0-9_./-]*") && !WORDS.contains(text.toLowerCase(java.util.Locale.ROOT))) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        JsonWriter.quote(out, text);
        return out.toString();
    }
}
