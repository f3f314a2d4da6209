package io.openshell.proxy;

import io.openshell.model.egress.NearestRule;
import io.openshell.proxy.http.Authority;
import java.util.Optional;

/**
 * What a client is told about a refused request.
 *
 * @param policyKey the entry that decided
 * @param detail why, for people
 * @param method the method
 * @param path the canonical path, placeholders redacted
 * @param authority where it would have gone
 * @param binary the program that asked
 * @param nearest the rule that refused it or came closest
 */
record RequestDenial(
        String policyKey,
        String detail,
        String method,
        String path,
        Authority authority,
        String binary,
        Optional<NearestRule> nearest) {}
