package io.openshell.model.egress;

/** Outcome of a connection decision. */
public sealed interface EgressVerdict {
    /**
     * The connection may be opened, subject to the check of its resolved addresses.
     *
     * @param policyKey smallest key among the rules that grant it
     * @param endpoint granting endpoint of that rule
     * @param inspected whether every request in it must be allowed by a {@link RequestScope}
     * @param declaredHost whether an author wrote exactly this host, which allows it to be internal
     */
    record Allowed(String policyKey, MatchedEndpoint endpoint, boolean inspected, boolean declaredHost) implements EgressVerdict {}

    /**
     * The connection must not be opened.
     *
     * @param code stable code
     * @param reason one line for people
     */
    record Denied(ReasonCode code, String reason) implements EgressVerdict {}
}
