package io.openshell.model.egress;

/**
 * A rule worth showing beside a refusal.
 *
 * @param policyKey entry it stands in
 * @param rule the rule in words, for example {@code allow GET /repos/**}
 * @param miss the first part of it that does not fit the request
 */
public record NearestRule(String policyKey, String rule, Miss miss) {
    /** Where a rule and a request part. */
    public enum Miss {
        /** Nowhere: this is the deny rule that refused the request. */
        NONE,
        /** The method is another one. */
        METHOD,
        /** The path does not match. */
        PATH,
        /** A query parameter is missing or has another value. */
        QUERY,
        /** The rule grants nothing to such a request, because a part it needs is not written or not about HTTP. */
        RULE_GRANTS_NOTHING
    }
}
