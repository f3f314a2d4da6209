package io.openshell.model.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.AggregateState;
import io.openshell.model.Command;
import io.openshell.model.Contexts;
import io.openshell.model.DeciderFixture;
import io.openshell.model.RejectionCode;
import io.openshell.model.policy.BuiltInPolicies;
import io.openshell.model.policy.CredentialBinding;
import io.openshell.model.policy.HttpFlags;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.RequestSigning;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.sandbox.SandboxDecider;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.model.sandbox.SandboxRequest;
import io.openshell.model.sandbox.SandboxState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProviderRulesTest {
    private static final PolicyDocument POLICY = BuiltInPolicies.restrictive();
    private final Map<String, ProviderState.Present> providers = new HashMap<>();
    private final List<SandboxState.Live> sandboxes = new ArrayList<>();

    private ProviderState.Present provider(String name, String type, String... keys) {
        var present = new ProviderState.Present(new ProviderIdentity("id-" + name, name, "default", type, Map.of()),
                ProviderContent.lasting(List.of(keys), Map.of(), "b"), 1, Contexts.NOON, Contexts.NOON);
        providers.put(name, present);
        return present;
    }

    private static SandboxState.Live sandbox(String name, String... attached) {
        var request = new SandboxRequest("id", name, "default", Map.of(), Map.of(),
                new SandboxRequest.Launch(List.of("sh"), false, Map.of(), ""));
        List<SandboxEvent> events = new ArrayList<>(List.of(new SandboxEvent.SandboxRequested(request)));
        Stream.of(attached).map(SandboxEvent.ProviderAttached::new).forEach(events::add);
        var decider = new SandboxDecider();
        return (SandboxState.Live) DeciderFixture.fold(decider, decider.initial(), Contexts.user(), events);
    }

    private Optional<RejectionCode> refusal(Command command, AggregateState state) {
        return ProviderRules.refusal("default", command, state, new ProviderRules.Surroundings() {
            @Override
            public Optional<ProviderState.Present> provider(String workspace, String name) {
                return Optional.ofNullable(providers.get(name)).filter(each -> each.provider().workspace().equals(workspace));
            }

            @Override
            public Stream<SandboxState.Live> sandboxes() {
                return sandboxes.stream();
            }
        }).map(why -> why.code());
    }

    private static SandboxCommand create(PolicyDocument policy, String... names) {
        return new SandboxCommand.Create(sandbox("new").request(), policy, Optional.of("n1"), List.of(names));
    }

    private static PolicyDocument reaching(NetworkEndpoint endpoint) {
        return POLICY.withNetworkPolicies(Map.of("web",
                new NetworkRule("web", List.of(endpoint), List.of(new NetworkBinary("/usr/bin/curl")))));
    }

    private static NetworkEndpoint rest(String host) {
        return NetworkEndpoint.builder(host, 443).protocol("rest").access("full").build();
    }

    @Test
    void onlyAProviderThatIsThereCanBeAttached() {
        provider("work", "github", "GITHUB_TOKEN");
        assertThat(refusal(new SandboxCommand.AttachProvider("work"), sandbox("a"))).isEmpty();
        assertThat(refusal(new SandboxCommand.AttachProvider("other"), sandbox("a"))).contains(RejectionCode.PROVIDER_NOT_AVAILABLE);
        assertThat(refusal(create(POLICY, "work"), new SandboxDecider().initial())).isEmpty();
        assertThat(refusal(create(POLICY, "work", "other"), new SandboxDecider().initial()))
                .contains(RejectionCode.PROVIDER_NOT_AVAILABLE);
    }

    @Test
    void twoProvidersWithOneKeyDoNotGoTogetherWhicheverChanges() {
        provider("one", "generic", "KEY");
        provider("two", "generic", "KEY");
        var three = provider("three", "generic", "OTHER");
        assertThat(refusal(new SandboxCommand.AttachProvider("two"), sandbox("a", "one"))).contains(RejectionCode.PROVIDER_NOT_AVAILABLE);
        assertThat(refusal(new SandboxCommand.AttachProvider("three"), sandbox("a", "one"))).isEmpty();
        var key = new ProviderCommand.UpdateProvider("", ProviderContent.lasting(List.of("KEY"), Map.of(), "b2"), 1);
        assertThat(refusal(key, three)).isEmpty();
        sandboxes.add(sandbox("a", "one", "three"));
        assertThat(refusal(key, three)).contains(RejectionCode.PROVIDER_NOT_AVAILABLE);
    }

    @Test
    void thirtyTwoCanBeAttachedAndNoMore() {
        String[] names = IntStream.range(0, 32).mapToObj(each -> "p" + each).toArray(String[]::new);
        for (String name : names) {
            provider(name, "generic", "KEY_" + name);
        }
        provider("more", "generic", "KEY");
        assertThat(refusal(create(POLICY, names), new SandboxDecider().initial())).isEmpty();
        assertThat(refusal(new SandboxCommand.AttachProvider("more"), sandbox("a", names))).contains(RejectionCode.PROVIDER_INVALID);
    }

    @Test
    void aProviderInUseIsNotDeletedUntilItIsDetached() {
        var work = provider("work", "github", "GITHUB_TOKEN");
        assertThat(refusal(new ProviderCommand.DeleteProvider(), work)).isEmpty();
        sandboxes.add(sandbox("a", "work"));
        assertThat(refusal(new ProviderCommand.DeleteProvider(), work)).contains(RejectionCode.PROVIDER_IN_USE);
    }

    @Test
    void aBindingNamesAnAttachedProviderThatHasNoEndpointsOfItsOwn() {
        provider("any", "generic", "KEY");
        provider("git", "github", "GITHUB_TOKEN");
        provider("odd", "something", "ODD");
        var bound = reaching(rest("api.a.example").toBuilder().credentialBinding(new CredentialBinding("any")).build());
        assertThat(refusal(new SandboxCommand.SetPolicy(bound, Map.of(), 0), sandbox("a", "any"))).isEmpty();
        assertThat(refusal(new SandboxCommand.SetPolicy(bound, Map.of(), 0), sandbox("a"))).contains(RejectionCode.CREDENTIAL_BINDING);
        for (String other : List.of("git", "odd")) {
            var policy = reaching(rest("api.a.example").toBuilder().credentialBinding(new CredentialBinding(other)).build());
            assertThat(refusal(new SandboxCommand.SetPolicy(policy, Map.of(), 0), sandbox("a", other)))
                    .as(other).contains(RejectionCode.CREDENTIAL_BINDING);
        }
    }

    @Test
    void whereCredentialsGoRequestsAreReadUnlessThePolicySaysOtherwise() {
        provider("git", "github", "GITHUB_TOKEN");
        var plain = NetworkEndpoint.plain("api.github.com", 443);
        var skip = rest("*.github.com").toBuilder().tls("skip").build();
        for (var endpoint : List.of(plain, skip)) {
            var set = new SandboxCommand.SetPolicy(reaching(endpoint), Map.of(), 0);
            assertThat(refusal(set, sandbox("a"))).as("without credentials").isEmpty();
            assertThat(refusal(set, sandbox("a", "git"))).contains(RejectionCode.CREDENTIALS_UNINSPECTED);
            var opted = reaching(endpoint.toBuilder().flags(new HttpFlags(false, false, false, true)).build());
            assertThat(refusal(new SandboxCommand.SetPolicy(opted, Map.of(), 0), sandbox("a", "git"))).isEmpty();
        }
        assertThat(refusal(new SandboxCommand.SetPolicy(reaching(rest("api.github.com")), Map.of(), 0), sandbox("a", "git"))).isEmpty();
        assertThat(refusal(new SandboxCommand.SetPolicy(reaching(NetworkEndpoint.plain("api.github.com", 22)), Map.of(), 0),
                sandbox("a", "git"))).as("another port").isEmpty();
    }

    @Test
    void signingNeedsABoundProviderWithTheKeys() {
        provider("aws", "generic", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
        provider("any", "generic", "KEY");
        var signed = rest("s3.eu-1.amazonaws.com").toBuilder().signing(new RequestSigning("sigv4", "s3", ""));
        assertThat(refusal(new SandboxCommand.SetPolicy(reaching(signed.build()), Map.of(), 0), sandbox("a", "aws")))
                .contains(RejectionCode.CREDENTIAL_BINDING);
        assertThat(refusal(new SandboxCommand.SetPolicy(reaching(signed.credentialBinding(new CredentialBinding("any")).build()),
                Map.of(), 0), sandbox("a", "any"))).contains(RejectionCode.CREDENTIAL_BINDING);
        assertThat(refusal(new SandboxCommand.SetPolicy(reaching(signed.credentialBinding(new CredentialBinding("aws")).build()),
                Map.of(), 0), sandbox("a", "aws"))).isEmpty();
    }

    @Test
    void theReachOfCredentialsIsThatOfTheirTypesAndOfBindings() {
        var git = provider("git", "github", "GITHUB_TOKEN");
        var any = provider("any", "generic", "KEY");
        var bound = reaching(rest("api.a.example").toBuilder().path("/v1/**").credentialBinding(new CredentialBinding("any")).build());
        assertThat(CredentialReach.of(List.of(git))).containsExactly(
                new CredentialEndpoint("api.github.com", 443, ""), new CredentialEndpoint("github.com", 443, ""));
        assertThat(CredentialReach.of(List.of(any))).isEmpty();
        assertThat(CredentialReach.of(List.of(any), bound)).containsExactly(new CredentialEndpoint("api.a.example", 443, "/v1/**"));
        assertThat(CredentialReach.of(List.of(), bound)).isEmpty();
    }
}
