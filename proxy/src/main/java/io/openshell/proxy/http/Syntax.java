package io.openshell.proxy.http;

import java.util.ArrayList;
import java.util.List;

/** The character classes of HTTP/1 that both request and response heads are held to. */
final class Syntax {
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    private Syntax() {}

    static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(Syntax::isTokenCharacter);
    }

    static boolean isTokenCharacter(int c) {
        return isAlphanumeric(c) || TOKEN_MARKS.indexOf(c) >= 0;
    }

    static boolean isAlphanumeric(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c);
    }

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    static boolean isDigits(String text) {
        return !text.isEmpty() && text.chars().allMatch(Syntax::isDigit);
    }

    static boolean hasControl(String value) {
        return value.chars().anyMatch(c -> c < 0x20 && c != '\t' || c == 0x7f);
    }

    /** Cuts blanks (space and tab, nothing else) from both ends. */
    static String trim(String value) {
        int from = 0;
        int to = value.length();
        while (from < to && isBlank(value.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(value.charAt(to - 1))) {
            to--;
        }
        return value.substring(from, to);
    }

    static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /** The members of a comma separated list over all fields of that name, trimmed; empty members stay. */
    static List<String> members(List<Field> fields, String name) {
        var members = new ArrayList<String>();
        for (var field : fields) {
            if (field.is(name)) {
                for (var member : field.value().split(",", -1)) {
                    members.add(trim(member));
                }
            }
        }
        return members;
    }

    static boolean hasMember(List<Field> fields, String name, String member) {
        for (var field : fields) {
            if (field.is(name) && (field.value().equalsIgnoreCase(member) || members(List.of(field), name).stream()
                    .anyMatch(member::equalsIgnoreCase))) {
                return true;
            }
        }
        return false;
    }

    static List<String> values(List<Field> fields, String name) {
        return fields.stream().filter(f -> f.is(name)).map(Field::value).toList();
    }
}
