package io.openshell.model.provider;

import io.openshell.model.policy.HostOverlap;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.sandbox.SandboxState;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** For which destinations the providers attached to a sandbox have credentials. Pure. */
public final class CredentialReach {

    private CredentialReach() {}

    /** Where credentials go by what is known of the providers' types. */
    public static SortedSet<CredentialEndpoint> of(Collection<ProviderState.Present> attached) {
        SortedSet<CredentialEndpoint> reach = new TreeSet<>();
        attached.forEach(each -> ProviderProfiles.of(each.provider().type()).ifPresent(known -> reach.addAll(known.endpoints())));
        return reach;
    }

    /** The same, and where the policy binds an attached provider's credentials to an endpoint of its own. */
    public static SortedSet<CredentialEndpoint> of(Collection<ProviderState.Present> attached, PolicyDocument policy) {
        SortedSet<CredentialEndpoint> reach = of(attached);
        policy.networkPolicies().values().stream().flatMap(rule -> rule.endpoints().stream())
                .filter(endpoint -> binds(endpoint, attached))
                .forEach(endpoint -> endpoint.ports().forEach(
                        port -> reach.add(new CredentialEndpoint(endpoint.host(), port, endpoint.path()))));
        return reach;
    }

    /** Hosts for which a sandbox holds credentials under its newest policy. */
    public static Set<String> hosts(SandboxState.Live live, Function<String, Optional<ProviderState.Present>> find) {
        List<ProviderState.Present> attached = live.providers().stream().flatMap(name -> find.apply(name).stream()).toList();
        SortedSet<CredentialEndpoint> reach = live.policies().newest().map(newest -> of(attached, newest.policy())).orElseGet(() -> of(attached));
        return reach.stream().map(CredentialEndpoint::host).collect(Collectors.toSet());
    }

    /** Whether a connection that this endpoint allows may carry credentials of an attached provider. */
    static boolean reaches(NetworkEndpoint endpoint, Collection<ProviderState.Present> attached) {
        return binds(endpoint, attached) || of(attached).stream().anyMatch(
                each -> endpoint.ports().contains(each.port()) && HostOverlap.possible(endpoint.host(), each.host()));
    }

    private static boolean binds(NetworkEndpoint endpoint, Collection<ProviderState.Present> attached) {
        return endpoint.credentialBinding()
                .filter(binding -> attached.stream().anyMatch(each -> each.provider().name().equals(binding.provider())))
                .isPresent();
    }
}
