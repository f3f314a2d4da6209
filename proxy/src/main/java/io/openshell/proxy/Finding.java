package io.openshell.proxy;

import io.openshell.model.egress.ReasonCode;
import java.util.Optional;

/**
 * What was decided, for the verdict.
 *
 * @param allowed whether the policy allowed it
 * @param policyKey the matched entry or {@code -}
 * @param engine which part decided
 * @param code the class of a denial, where it has one
 * @param reason for the log, empty when traffic flows
 */
record Finding(boolean allowed, String policyKey, String engine, Optional<ReasonCode> code, String reason) {
    static final String NO_POLICY = "-";
    static final String L4 = "l4";
    static final String SSRF = "ssrf";
    static final String PARSER = "http-parser";
    static final String CREDENTIALS = "credentials";

    static Finding allowed(String policyKey) {
        return new Finding(true, policyKey, L4, Optional.empty(), "");
    }
}
