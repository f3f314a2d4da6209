package io.openshell.model.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.Actor;
import io.openshell.model.AggregateState;
import io.openshell.model.Aggregates;
import io.openshell.model.CommandId;
import io.openshell.model.Context;
import io.openshell.model.Event;
import io.openshell.model.StreamId;
import io.openshell.model.node.NodeDescription;
import io.openshell.model.node.NodeState;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.model.sandbox.SandboxRequest;
import io.openshell.model.sandbox.SandboxState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StateDiffTest {
    private static final Context CONTEXT = new Context(new CommandId("c"), "r", "", new Actor(Actor.Kind.USER, "ada", "none"), "",
            "gateway:g", Instant.EPOCH);

    private static PolicyDocument policy(Map<String, NetworkRule> rules) {
        return PolicyDocument.empty().withNetworkPolicies(rules);
    }

    private static NetworkRule rule(NetworkEndpoint endpoint, String... binaries) {
        return new NetworkRule("", List.of(endpoint), List.of(binaries).stream().map(NetworkBinary::new).toList());
    }

    private static AggregateState after(AggregateState state, Event... events) {
        AggregateState now = state;
        for (Event event : events) {
            now = Aggregates.evolve(now, event, CONTEXT);
        }
        return now;
    }

    private static AggregateState created(PolicyDocument policy, Map<String, String> environment) {
        SandboxRequest request = new SandboxRequest("id-1", "demo", "default", Map.of("team", "blue"), Map.of(),
                new SandboxRequest.Launch(List.of("sh"), false, environment, ""));
        return after(Aggregates.initial(StreamId.Kind.SANDBOX), new SandboxEvent.SandboxRequested(request),
                new SandboxEvent.PolicyRevisionStored(1, "h1", policy, Map.of()), new SandboxEvent.SandboxAssigned("n1", 1));
    }

    private static AggregateState withPolicy(PolicyDocument policy) {
        return created(policy, Map.of());
    }

    @Test
    void aStateDoesNotDifferFromItself() {
        AggregateState state = withPolicy(policy(Map.of("web", rule(NetworkEndpoint.plain("example.com", 443), "/usr/bin/curl"))));
        assertThat(StateDiff.between(state, state)).isEmpty();
    }

    @Test
    void aRuleThatCameIsNamedWithItsEndpointsAndPrograms() {
        AggregateState before = withPolicy(policy(Map.of()));
        AggregateState now = withPolicy(policy(Map.of("web", rule(NetworkEndpoint.plain("example.com", 443), "/usr/bin/curl"))));
        assertThat(StateDiff.between(before, now)).containsExactly(
                new Change.Added("policy.network.web", ""),
                new Change.Added("policy.network.web.binary /usr/bin/curl", ""),
                new Change.Added("policy.network.web.endpoint example.com:443", ""));
        assertThat(StateDiff.between(now, before)).allMatch(Change.Removed.class::isInstance).hasSize(3);
    }

    @Test
    void anotherHostOrProgramIsOneThatWentAndOneThatCame() {
        AggregateState before = withPolicy(policy(Map.of("web", rule(NetworkEndpoint.plain("one.example", 443), "/usr/bin/curl"))));
        AggregateState now = withPolicy(policy(Map.of("web", rule(NetworkEndpoint.plain("two.example", 443), "/usr/bin/git"))));
        assertThat(StateDiff.between(before, now)).containsExactly(
                new Change.Removed("policy.network.web.binary /usr/bin/curl", ""),
                new Change.Added("policy.network.web.binary /usr/bin/git", ""),
                new Change.Removed("policy.network.web.endpoint one.example:443", ""),
                new Change.Added("policy.network.web.endpoint two.example:443", ""));
    }

    @Test
    void anEndpointWithOtherSettingsChanged() {
        NetworkEndpoint plain = NetworkEndpoint.plain("example.com", 443);
        AggregateState before = withPolicy(policy(Map.of("web", rule(plain))));
        AggregateState now = withPolicy(policy(Map.of("web", rule(plain.toBuilder().access("read-only").build()))));
        assertThat(StateDiff.between(before, now)).containsExactly(
                new Change.Changed("policy.network.web.endpoint example.com:443", "", "access=read-only"));
    }

    @Test
    void twoEndpointsOfOneDestinationAreBothFacts() {
        NetworkEndpoint plain = NetworkEndpoint.plain("example.com", 443);
        NetworkRule twice = new NetworkRule("", List.of(plain.toBuilder().access("full").build(), plain), List.of());
        NetworkRule once = new NetworkRule("", List.of(plain.toBuilder().access("full").build()), List.of());
        assertThat(StateDiff.between(withPolicy(policy(Map.of("web", once))), withPolicy(policy(Map.of("web", twice))))).hasSize(1);
    }

    @Test
    void thePhaseTheNodeAndTheDeletionAreTold() {
        AggregateState before = withPolicy(policy(Map.of()));
        AggregateState deleted = after(before, new SandboxEvent.DeleteRequested(), new SandboxEvent.SandboxDeleted("id-1"));
        assertThat(StateDiff.between(before, deleted))
                .contains(new Change.Changed("phase", "Provisioning", "Deleted"), new Change.Removed("node", "n1"),
                        new Change.Removed("label.team", "blue"));
        assertThat(StateDiff.between(new SandboxState.Unused(), before)).contains(new Change.Changed("phase", "None", "Provisioning"));
    }

    @Test
    void theRevisionInForceIsComparedAndAStoredOneOnlyNamed() {
        AggregateState before = withPolicy(policy(Map.of()));
        PolicyDocument next = policy(Map.of("web", rule(NetworkEndpoint.plain("example.com", 443))));
        AggregateState loaded = after(before, new SandboxEvent.PolicyRevisionLoaded(1, 1));
        AggregateState stored = after(loaded, new SandboxEvent.PolicyRevisionStored(2, "h2", next, Map.of()));
        assertThat(StateDiff.between(loaded, stored))
                .containsExactly(new Change.Changed("policy.newest_version", "1 loaded", "2 pending"));
        AggregateState inForce = after(stored, new SandboxEvent.PolicyRevisionLoaded(2, 2));
        assertThat(StateDiff.between(stored, inForce))
                .contains(new Change.Added("policy.network.web.endpoint example.com:443", ""), new Change.Changed("policy.active_version", "1", "2"));
    }

    @Test
    void valuesOfEnvironmentVariablesAreNoFacts() {
        AggregateState one = created(policy(Map.of()), Map.of("TOKEN", "secret-one"));
        AggregateState other = created(policy(Map.of()), Map.of("TOKEN", "secret-two"));
        assertThat(StateFacts.of(one)).containsEntry("environment.TOKEN", "set");
        assertThat(StateFacts.of(one).toString()).doesNotContain("secret");
        assertThat(StateDiff.between(one, other)).isEmpty();
    }

    @Test
    void nodesDifferByWhatTheyOffer() {
        NodeState before = new NodeState.Registered(
                new NodeDescription("host", List.of("linux"), List.of("landlock abi 4"), ""), "i1", Instant.EPOCH);
        NodeState gone = new NodeState.Retired(new NodeDescription("host", List.of("linux"), List.of(), ""), "shut down");
        assertThat(StateDiff.between(before, gone)).containsExactlyInAnyOrder(
                new Change.Changed("state", "Registered", "Retired"), new Change.Removed("incarnation", "i1"),
                new Change.Removed("layer landlock abi 4", ""), new Change.Added("reason", "shut down"));
    }
}
