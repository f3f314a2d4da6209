package io.openshell.cli.json;

import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes maps, iterables and scalars as indented JSON. */
public final class JsonWriter {
    private JsonWriter() {}

    /** The document as text, without a newline at the end. */
    public static String write(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        append(out, value, 0);
        return out.toString();
    }

    private static void append(StringBuilder out, @Nullable Object value, int level) {
        switch (value) {
            case null -> out.append("null");
            case Map<?, ?> map -> appendMap(out, map, level);
            case Iterable<?> items -> appendItems(out, items, level);
            case Number number -> out.append(number);
            case Boolean flag -> out.append(flag);
            default -> quote(out, value.toString());
        }
    }

    private static void appendMap(StringBuilder out, Map<?, ?> map, int level) {
        if (map.isEmpty()) {
            out.append("{}");
            return;
        }
        out.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(separator);
            newLine(out, level + 1);
            quote(out, String.valueOf(entry.getKey()));
            out.append(": ");
            append(out, entry.getValue(), level + 1);
            separator = ",";
        }
        newLine(out, level);
        out.append('}');
    }

    private static void appendItems(StringBuilder out, Iterable<?> items, int level) {
        Iterator<?> rest = items.iterator();
        if (!rest.hasNext()) {
            out.append("[]");
            return;
        }
        out.append('[');
        while (rest.hasNext()) {
            newLine(out, level + 1);
            append(out, rest.next(), level + 1);
            if (rest.hasNext()) {
                out.append(',');
            }
        }
        newLine(out, level);
        out.append(']');
    }

    private static void newLine(StringBuilder out, int level) {
        out.append('\n').append("  ".repeat(level));
    }

    /** Appends a JSON string literal. */
    static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || c == 0x7f) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
