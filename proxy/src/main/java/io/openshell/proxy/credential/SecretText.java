package io.openshell.proxy.credential;

/**
 * A text that is shown to nobody.
 *
 * @param text the secret
 */
public record SecretText(String text) {
    @Override
    public String toString() {
        return "SecretText";
    }
}
