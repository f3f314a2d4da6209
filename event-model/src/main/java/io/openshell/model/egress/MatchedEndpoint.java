package io.openshell.model.egress;

import io.openshell.model.policy.NetworkEndpoint;

/**
 * The endpoint that grants a connection.
 *
 * @param ruleKey key of its rule
 * @param endpoint the endpoint as written
 */
public record MatchedEndpoint(String ruleKey, NetworkEndpoint endpoint) {}
