package io.openshell.proxy;

import java.util.List;
import java.util.StringJoiner;

/** Writes one JSON object, member by member. Not thread safe. */
final class JsonText {
    private final StringBuilder out = new StringBuilder(256).append('{');

    JsonText text(String name, String value) {
        name(name);
        quoted(value);
        return this;
    }

    JsonText number(String name, int value) {
        name(name);
        out.append(value);
        return this;
    }

    /** Adds a value that is JSON already. */
    JsonText raw(String name, String json) {
        name(name);
        out.append(json);
        return this;
    }

    /** A list of texts. */
    static String list(List<String> values) {
        var list = new StringJoiner(",", "[", "]");
        for (var value : values) {
            var text = new JsonText();
            text.out.setLength(0);
            text.quoted(value);
            list.add(text.out);
        }
        return list.toString();
    }

    /** The finished object. */
    String end() {
        return out.append('}').toString();
    }

    private void name(String name) {
        if (out.length() > 1) {
            out.append(',');
        }
        quoted(name);
        out.append(':');
    }

    private void quoted(String value) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20 || Character.isSurrogate(c)) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
