package io.openshell.proxy;

import io.openshell.proxy.http.Authority;
import io.openshell.proxy.inference.InferenceRoute;

/**
 * A policy's yes, still to be checked against addresses.
 *
 * @param ask what was asked
 * @param by who asked
 * @param pinned the policy that said yes
 * @param finding what the verdict will say once traffic flows
 * @param passage how the traffic is treated
 */
record Grant(Ask ask, Identified.Known by, PolicyInForce pinned, Finding finding, Passage passage) {
    /** Whether a forwarded request can be decided only with its body. */
    boolean needsBody() {
        return ask instanceof Ask.Forward forward && passage.requests().bodyNeeded(forward.request()).isPresent();
    }

    /** Where the traffic goes, which for requests for models is not the host that was asked for. */
    Authority upstream() {
        return passage.route().map(InferenceRoute::authority).orElse(ask.authority());
    }

    /** The entry that matched. */
    String policyKey() {
        return finding.policyKey();
    }
}
