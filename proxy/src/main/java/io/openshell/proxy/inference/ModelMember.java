package io.openshell.proxy.inference;

import java.util.Optional;

/** Puts a value into a JSON object's member {@code model} and leaves every other byte as it is. Pure. */
public final class ModelMember {
    private static final String NAME = "\"model\"";

    private final String text;
    private int at;

    private ModelMember(String text) {
        this.text = text;
    }

    /**
     * Sets the member, which is added when it is missing.
     *
     * @param json an object that was read as JSON before
     * @param model the value
     * @return the object with the value; empty when the member stands there more than once
     */
    public static Optional<String> set(String json, String model) {
        return new ModelMember(json).set(quoted(model));
    }

    private Optional<String> set(String value) {
        int from = -1;
        int to = -1;
        at = text.indexOf('{') + 1;
        blanks();
        boolean empty = text.charAt(at) == '}';
        int first = at;
        while (text.charAt(at) != '}') {
            int name = at;
            string();
            // An escape in a name could spell it in another way.
            boolean model = text.substring(name, at).equals(NAME);
            boolean disguised = !model && text.substring(name, at).indexOf('\\') >= 0;
            blanks();
            at++;
            blanks();
            int begin = at;
            value();
            if (model && from >= 0 || disguised) {
                return Optional.empty();
            }
            from = model ? begin : from;
            to = model ? at : to;
            blanks();
            if (text.charAt(at) == ',') {
                at++;
                blanks();
            }
        }
        return Optional.of(from < 0
                ? text.substring(0, first) + NAME + ":" + value + (empty ? "" : ",") + text.substring(first)
                : text.substring(0, from) + value + text.substring(to));
    }

    private void blanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private void string() {
        for (at++; text.charAt(at) != '"'; at++) {
            at += text.charAt(at) == '\\' ? 1 : 0;
        }
        at++;
    }

    private void value() {
        int depth = 0;
        do {
            switch (text.charAt(at)) {
                case '"' -> string();
                case '{', '[' -> {
                    depth++;
                    at++;
                }
                case '}', ']' -> {
                    depth--;
                    at++;
                }
                default -> at++;
            }
        } while (depth > 0 || !ends(text.charAt(at)));
    }

    private boolean ends(char next) {
        return next == ',' || next == '}' || Character.isWhitespace(next) && endsBehind();
    }

    private boolean endsBehind() {
        int next = at;
        while (Character.isWhitespace(text.charAt(next))) {
            next++;
        }
        return text.charAt(next) == ',' || text.charAt(next) == '}';
    }

    private static String quoted(String text) {
        var out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(c == '"' || c == '\\' ? "\\" : "").append(c);
        }
        return out.append('"').toString();
    }
}
