package io.openshell.model.policy;

/**
 * Signing of requests with a stored credential.
 *
 * @param kind "sigv4", "sigv4:body", "sigv4:no_body" or empty for none
 * @param service service name that goes into the signature
 * @param region region; empty means that it is derived from the host
 */
public record RequestSigning(String kind, String service, String region) {
    /** No signing. */
    public static final RequestSigning NONE = new RequestSigning("", "", "");
}
