package io.openshell.model.policy;

/**
 * One reason why a document is refused.
 *
 * @param path place in the document, in YAML key names, such as {@code network_policies.api.endpoints[0].host}
 * @param message what is wrong and what would be right
 */
public record PolicyViolation(String path, String message) {
    @Override
    public String toString() {
        return path + ": " + message;
    }
}
