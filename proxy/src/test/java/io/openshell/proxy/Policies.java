package io.openshell.proxy;

import io.openshell.model.egress.CompiledPolicy;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import java.util.List;
import java.util.Map;

/** Policies of the tests: the one binary may reach the one site. */
final class Policies {
    static final String CURL = "/usr/bin/curl";
    static final String SITE = "site.test";

    private Policies() {}

    static CompiledPolicy allowing(NetworkEndpoint... endpoints) {
        var rule = new NetworkRule("test", List.of(endpoints), List.of(new NetworkBinary(CURL)));
        return CompiledPolicy.compile(PolicyDocument.empty().withNetworkPolicies(Map.of("site", rule)));
    }

    static CompiledPolicy site() {
        return allowing(NetworkEndpoint.plain(SITE, 443), NetworkEndpoint.plain(SITE, 80));
    }

    /** An endpoint that may be read. */
    static NetworkEndpoint rest(String host, int port, String enforcement) {
        return NetworkEndpoint.builder(host, port).protocol("rest").access("read-only").enforcement(enforcement).build();
    }

    static CompiledPolicy nothing() {
        return CompiledPolicy.compile(PolicyDocument.empty());
    }
}
