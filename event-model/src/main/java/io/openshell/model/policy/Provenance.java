package io.openshell.model.policy;

/**
 * Facts about an endpoint the control plane sets; users cannot write them.
 *
 * @param advisorProposed the endpoint came from an approved proposal and not from an author
 * @param providerCredentialed a provider's credential applies to the endpoint
 */
public record Provenance(boolean advisorProposed, boolean providerCredentialed) {
    /** Written by an author, no credential. */
    public static final Provenance AUTHOR = new Provenance(false, false);
}
