package io.openshell.model.provider;

import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkEndpointBuilder;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.RequestMatch;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The rules that the product's own types of provider contribute: the type's usual programs, requests inspected and enforced, and
 * no more than what a program of that type needs. Places that packages come from are in none of them.
 */
final class ContributedRules {

    private static final int HTTPS = 443;
    private static final List<String> FETCHING = List.of("GET", "HEAD", "OPTIONS");

    private ContributedRules() {}

    /** Requests that read and write, but delete nothing. */
    static Optional<NetworkRule> readWrite(String shown, String host, String... programs) {
        return rule(shown, List.of(inspected(host).access("read-write").build()), programs);
    }

    /** The API read, GraphQL queries asked where it has them, and repositories fetched; pushing is another matter. */
    static Optional<NetworkRule> repositories(String shown, String api, String graphql, String git, String... programs) {
        NetworkEndpoint fetched = inspected(git).rules(fetching()).build();
        NetworkEndpoint asked = NetworkEndpoint.builder(api, HTTPS).path(graphql).protocol("graphql").enforcement("enforce")
                .access("read-only").build();
        List<NetworkEndpoint> endpoints = api.equals(git)
                ? List.of(fetched, asked) : List.of(inspected(api).access("read-only").build(), asked, fetched);
        return rule(shown, endpoints, programs);
    }

    private static List<AllowRule> fetching() {
        return Stream.concat(FETCHING.stream().map(method -> RequestMatch.http(method, "**")),
                Stream.of(RequestMatch.http("POST", "/**/git-upload-pack"))).map(AllowRule::of).toList();
    }

    private static NetworkEndpointBuilder inspected(String host) {
        return NetworkEndpoint.builder(host, HTTPS).protocol("rest").enforcement("enforce");
    }

    private static Optional<NetworkRule> rule(String shown, List<NetworkEndpoint> endpoints, String... programs) {
        return Optional.of(new NetworkRule(shown, endpoints, Stream.of(programs)
                .flatMap(name -> Stream.of("/usr/bin/" + name, "/usr/local/bin/" + name)).map(NetworkBinary::new).toList()));
    }
}
