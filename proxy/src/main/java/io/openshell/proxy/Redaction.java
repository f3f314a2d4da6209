package io.openshell.proxy;

import io.openshell.model.provider.Placeholders;

/** Takes credential placeholders out of texts that are logged: a placeholder names a secret. Pure. */
final class Redaction {
    private Redaction() {}

    static String of(String text) {
        return Placeholders.hidden(text);
    }
}
