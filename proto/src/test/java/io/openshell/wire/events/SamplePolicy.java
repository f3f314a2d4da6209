package io.openshell.wire.events;

import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.ConfigValue;
import io.openshell.model.policy.CredentialBinding;
import io.openshell.model.policy.FilesystemPolicy;
import io.openshell.model.policy.GraphqlOperation;
import io.openshell.model.policy.GraphqlOptions;
import io.openshell.model.policy.HttpFlags;
import io.openshell.model.policy.LandlockPolicy;
import io.openshell.model.policy.McpOptions;
import io.openshell.model.policy.MiddlewareConfig;
import io.openshell.model.policy.MiddlewareSelector;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.ProcessPolicy;
import io.openshell.model.policy.Provenance;
import io.openshell.model.policy.QueryMatcher;
import io.openshell.model.policy.RequestMatch;
import io.openshell.model.policy.RequestSigning;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A document with something in every field; not one anybody would accept. */
final class SamplePolicy {
    static final PolicyDocument EVERYTHING = new PolicyDocument(1,
            Optional.of(new FilesystemPolicy(true, List.of("/usr", "/etc"), List.of("/tmp"))),
            Optional.of(new LandlockPolicy("hard_requirement")),
            Optional.of(new ProcessPolicy("sandbox", "1000")),
            sorted(Map.of("web", rule(), "none", new NetworkRule("", List.of(), List.of()))),
            sorted(Map.of("redact", middleware())));

    private SamplePolicy() {}

    static NetworkRule rule() {
        NetworkEndpoint plain = NetworkEndpoint.plain("b.example.com", 443);
        NetworkEndpoint full = NetworkEndpoint.builder("a.example.com", 443, 8443).path("/api/**").protocol("rest").tls("terminate")
                .enforcement("enforce").access("read-only").rules(List.of(AllowRule.of(match()), new AllowRule(Optional.empty())))
                .denyRules(List.of(match())).allowedIps(List.of("10.0.0.0/8")).flags(new HttpFlags(true, true, true, true))
                .graphql(new GraphqlOptions("allow", sorted(Map.of("h1", new GraphqlOperation("query", "Me", List.of("viewer")))), 1024))
                .jsonRpcMaxBodyBytes(4_000_000_000L).mcp(new McpOptions(Optional.of(true), Optional.of(true)))
                .signing(new RequestSigning("aws", "s3", "eu-central-1")).credentialBinding(new CredentialBinding("vault"))
                .provenance(new Provenance(true, true)).build();
        return new NetworkRule("the web", List.of(full, plain), List.of(new NetworkBinary("/usr/bin/curl")));
    }

    private static RequestMatch match() {
        return new RequestMatch("GET", "/x/*", "run", sorted(Map.of("q", new QueryMatcher("a*", List.of("b", "c")))), "query", "Me",
                List.of("viewer"), sorted(Map.of("name", QueryMatcher.of("read_*"))));
    }

    private static MiddlewareConfig middleware() {
        ConfigValue.Fields config = new ConfigValue.Fields(sorted(Map.of("a", new ConfigValue.Number(1.5), "b", new ConfigValue.Flag(true),
                "c", new ConfigValue.Items(List.of(new ConfigValue.Text("x"), new ConfigValue.Nothing())), "d", ConfigValue.Fields.none())));
        return new MiddlewareConfig("Redact", "redactor", 7, config, "fail_open",
                Optional.of(new MiddlewareSelector(List.of("*.example.com"), List.of("b.example.com"))));
    }

    static <V> SortedMap<String, V> sorted(Map<String, ? extends V> map) {
        return new TreeMap<>(map);
    }
}
