package io.openshell.model.egress;

/** Cuts a GraphQL text into tokens. */
final class GraphqlLexer {
    /** What a token is. */
    enum Kind {
        /** A word. */
        NAME,
        /** A number. */
        NUMBER,
        /** A string of either form; what it says is of no interest. */
        STRING,
        /** A mark; three dots are one. */
        MARK,
        /** The end of the text. */
        END,
        /** No token at all. */
        BROKEN
    }

    private final String text;
    private int at;
    private Kind kind = Kind.BROKEN;
    private String word = "";

    GraphqlLexer(String text) {
        this.text = text;
    }

    /** The kind of the current token. */
    Kind kind() {
        return kind;
    }

    /** The current name or mark; empty for others. */
    String word() {
        return word;
    }

    /** Goes to the next token. */
    void next() {
        skipIgnored();
        word = "";
        if (at >= text.length()) {
            kind = Kind.END;
            return;
        }
        char c = text.charAt(at);
        if (isNameStart(c)) {
            name();
        } else if (c == '-' || isDigit(c)) {
            number();
        } else if (c == '"') {
            kind = text.startsWith("\"\"\"", at) ? block() : string();
        } else {
            mark(c);
        }
    }

    private void name() {
        int from = at;
        while (at < text.length() && (isNameStart(text.charAt(at)) || isDigit(text.charAt(at)))) {
            at++;
        }
        kind = Kind.NAME;
        word = text.substring(from, at);
    }

    /** Any run of what numbers are made of: whether it is a good number is nothing rules depend on. */
    private void number() {
        at++;
        while (at < text.length() && (isNameStart(text.charAt(at)) || isDigit(text.charAt(at)) || "+-.".indexOf(text.charAt(at)) >= 0)) {
            if (text.startsWith("...", at)) {
                break;
            }
            at++;
        }
        kind = Kind.NUMBER;
    }

    private Kind string() {
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return Kind.STRING;
            }
            if (c == '\n' || c == '\r') {
                return Kind.BROKEN;
            }
            if (c == '\\') {
                at++;
            }
        }
        return Kind.BROKEN;
    }

    private Kind block() {
        for (at += 3; at < text.length(); at++) {
            if (text.startsWith("\\\"\"\"", at)) {
                at += 3;
            } else if (text.startsWith("\"\"\"", at)) {
                at += 3;
                return Kind.STRING;
            }
        }
        return Kind.BROKEN;
    }

    private void mark(char c) {
        boolean dots = text.startsWith("...", at);
        boolean known = dots || "!$&():=@[]{|}".indexOf(c) >= 0;
        kind = known ? Kind.MARK : Kind.BROKEN;
        word = dots ? "..." : String.valueOf(c);
        at += word.length();
    }

    private void skipIgnored() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#') {
                while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
                    at++;
                }
            } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',' || c == '\uFEFF') {
                at++;
            } else {
                return;
            }
        }
    }

    private static boolean isNameStart(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
