package io.openshell.model.middleware;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Secrets that can be told by their form: a fixed beginning and a run of characters after it. Found in one pass over the bytes, so
 * that no text can make the search slow.
 */
public enum SecretShape {
    AWS_ACCESS_KEY(Kind.UPPER, 16, 16, "AKIA", "ASIA"),
    GITHUB_TOKEN(Kind.WORD, 36, 255, "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
    GITLAB_TOKEN(Kind.DASHED, 20, 255, "glpat-"),
    SLACK_TOKEN(Kind.DASHED, 10, 255, "xoxb-", "xoxp-", "xoxa-", "xoxs-", "xoxr-"),
    MODEL_API_KEY(Kind.DASHED, 20, 255, "sk-"),
    GOOGLE_API_KEY(Kind.DASHED, 35, 35, "AIza"),
    PAYMENT_KEY(Kind.WORD, 16, 255, "sk_live_", "rk_live_"),
    JSON_WEB_TOKEN(Kind.DOTTED, 30, 8_192, "eyJ"),
    PRIVATE_KEY(Kind.BLOCK, 0, 0, "-----BEGIN ");

    private static final byte[] KEY_WORDS = "PRIVATE KEY-----".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BLOCK_END = "-----END ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DASHES = "-----".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_TITLE = 64;

    private final Kind kind;
    private final int least;
    private final int most;
    private final List<byte[]> beginnings;

    /** What follows a beginning. */
    private enum Kind {
        UPPER,
        WORD,
        DASHED,
        DOTTED,
        BLOCK
    }

    SecretShape(Kind kind, int least, int most, String... beginnings) {
        this.kind = kind;
        this.least = least;
        this.most = most;
        this.beginnings = Arrays.stream(beginnings).map(text -> text.getBytes(StandardCharsets.US_ASCII)).toList();
    }

    /** As it is written in a policy. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Where a secret of this form that begins here ends; the same place when none begins here. */
    int end(byte[] bytes, int from) {
        for (byte[] beginning : beginnings) {
            if (startsWith(bytes, from, beginning)) {
                int end = kind == Kind.BLOCK ? block(bytes, from + beginning.length, from) : run(bytes, from + beginning.length, from);
                if (end > from) {
                    return end;
                }
            }
        }
        return from;
    }

    private int run(byte[] bytes, int start, int none) {
        int at = start;
        int dots = 0;
        while (at < bytes.length && at - start < most && belongs(bytes[at])) {
            dots += bytes[at] == '.' ? 1 : 0;
            at++;
        }
        boolean complete = at - start >= least && (kind != Kind.DOTTED || dots == 2);
        // A longer word than the form has is something else.
        boolean over = least == most && at < bytes.length && belongs(bytes[at]);
        return complete && !over ? at : none;
    }

    private boolean belongs(byte b) {
        boolean digit = b >= '0' && b <= '9';
        boolean upper = b >= 'A' && b <= 'Z';
        boolean word = digit || upper || b >= 'a' && b <= 'z' || b == '_';
        return switch (kind) {
            case UPPER -> digit || upper;
            case WORD -> word;
            case DASHED -> word || b == '-';
            case DOTTED -> word || b == '-' || b == '.';
            case BLOCK -> false;
        };
    }

    /** From the title of a key's block to its last line; a block without an end reaches to the end of everything. */
    private static int block(byte[] bytes, int title, int none) {
        int words = find(bytes, title, Math.min(bytes.length, title + LONGEST_TITLE), KEY_WORDS);
        if (words < 0) {
            return none;
        }
        int last = find(bytes, words, bytes.length, BLOCK_END);
        int dashes = last < 0 ? -1 : find(bytes, last + BLOCK_END.length, bytes.length, DASHES);
        return dashes < 0 ? bytes.length : dashes + DASHES.length;
    }

    private static int find(byte[] bytes, int from, int to, byte[] wanted) {
        for (int at = from; at + wanted.length <= to; at++) {
            if (startsWith(bytes, at, wanted)) {
                return at;
            }
        }
        return -1;
    }

    private static boolean startsWith(byte[] bytes, int from, byte[] wanted) {
        if (from + wanted.length > bytes.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (bytes[from + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
