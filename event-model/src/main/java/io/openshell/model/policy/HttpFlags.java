package io.openshell.model.policy;

/**
 * Switches for inspected HTTP traffic; all off unless set.
 *
 * @param allowEncodedSlash keep an encoded slash in path segments instead of refusing the request
 * @param websocketCredentialRewrite replace credential placeholders in WebSocket text
 * @param requestBodyCredentialRewrite replace credential placeholders in request bodies
 * @param allowUninspectedCredentials accept that credentialed traffic is not inspected
 */
public record HttpFlags(
        boolean allowEncodedSlash,
        boolean websocketCredentialRewrite,
        boolean requestBodyCredentialRewrite,
        boolean allowUninspectedCredentials) {
    /** All off. */
    public static final HttpFlags NONE = new HttpFlags(false, false, false, false);
}
