package io.openshell.model.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads JSON strictly. A value that cannot be read is null within this class. */
final class JsonParser {
    private static final int DEEPEST = 64;

    private final String text;
    private int at;

    JsonParser(String text) {
        this.text = text;
    }

    Optional<Json> document() {
        Json value = value(0);
        blanks();
        return value == null || at < text.length() ? Optional.empty() : Optional.of(value);
    }

    private @Nullable Json value(int depth) {
        blanks();
        if (at >= text.length() || depth > DEEPEST) {
            return null;
        }
        return switch (text.charAt(at)) {
            case '{' -> members(depth);
            case '[' -> elements(depth);
            case '"' -> {
                String string = string();
                yield string == null ? null : new Json.Text(string);
            }
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number();
        };
    }

    private @Nullable Json members(int depth) {
        at++;
        Map<String, Json> members = new HashMap<>();
        if (taken('}')) {
            return new Json.Members(members);
        }
        do {
            blanks();
            String name = at < text.length() && text.charAt(at) == '"' ? string() : null;
            if (name == null || !taken(':')) {
                return null;
            }
            Json value = value(depth + 1);
            if (value == null || members.put(name, value) != null) {
                return null;
            }
        } while (taken(','));
        return taken('}') ? new Json.Members(Map.copyOf(members)) : null;
    }

    private @Nullable Json elements(int depth) {
        at++;
        List<Json> elements = new ArrayList<>();
        if (taken(']')) {
            return new Json.Elements(elements);
        }
        do {
            Json value = value(depth + 1);
            if (value == null) {
                return null;
            }
            elements.add(value);
        } while (taken(','));
        return taken(']') ? new Json.Elements(List.copyOf(elements)) : null;
    }

    private @Nullable String string() {
        StringBuilder out = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return out.toString();
            }
            if (c < 0x20 || c == '\\' && !escape(out)) {
                return null;
            }
            if (c != '\\') {
                out.append(c);
            }
        }
        return null;
    }

    /** Reads an escape up to its last character. */
    private boolean escape(StringBuilder out) {
        at++;
        int kind = at < text.length() ? "\"\\/bfnrtu".indexOf(text.charAt(at)) : -1;
        if (kind < 0) {
            return false;
        }
        if (kind < 8) {
            out.append("\"\\/\b\f\n\r\t".charAt(kind));
            return true;
        }
        if (at + 4 >= text.length()) {
            return false;
        }
        String digits = text.substring(at + 1, at + 5);
        if (!digits.chars().allMatch(HexFormat::isHexDigit)) {
            return false;
        }
        out.append((char) HexFormat.fromHexDigits(digits));
        at += 4;
        return true;
    }

    private @Nullable Json word(String word) {
        if (!text.startsWith(word, at)) {
            return null;
        }
        at += word.length();
        return new Json.Scalar(word);
    }

    private @Nullable Json number() {
        int from = at;
        if (here('-')) {
            at++;
        }
        int whole = at;
        int count = digits();
        boolean good = count > 0 && (count == 1 || text.charAt(whole) != '0');
        if (good && here('.')) {
            at++;
            good = digits() > 0;
        }
        if (good && (here('e') || here('E'))) {
            at++;
            if (here('+') || here('-')) {
                at++;
            }
            good = digits() > 0;
        }
        return good && at > from ? new Json.Scalar(text.substring(from, at)) : null;
    }

    private int digits() {
        int from = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at - from;
    }

    private boolean here(char c) {
        return at < text.length() && text.charAt(at) == c;
    }

    private boolean taken(char c) {
        blanks();
        if (here(c)) {
            at++;
            return true;
        }
        return false;
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }
}
