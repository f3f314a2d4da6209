package io.openshell.proxy;

import java.util.Locale;
import java.util.regex.Pattern;

/** Takes credential placeholders out of texts that are logged: a placeholder names a secret. Pure. */
final class Redaction {
    private static final Pattern CREDENTIAL = Pattern.compile(
            "openshell:resolve:env:[A-Za-z0-9_]+|[A-Za-z0-9_.~%-]+OPENSHELL-RESOLVE-ENV-[A-Za-z0-9_]+");

    private Redaction() {}

    static String of(String text) {
        // Nearly no text has one, and the pattern costs more than everything else about a request.
        return text.toLowerCase(Locale.ROOT).contains("resolve") ? CREDENTIAL.matcher(text).replaceAll("[CREDENTIAL]") : text;
    }
}
