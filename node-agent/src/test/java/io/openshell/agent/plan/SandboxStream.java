package io.openshell.agent.plan;

import io.openshell.model.Actor;
import io.openshell.model.CommandId;
import io.openshell.model.Context;
import io.openshell.model.Decision;
import io.openshell.model.isolation.LayerKind;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.policy.BuiltInPolicies;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.sandbox.Enforcement;
import io.openshell.model.sandbox.Phase;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.sandbox.SandboxDecider;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.model.sandbox.SandboxRequest;
import io.openshell.model.sandbox.SandboxState;
import io.openshell.model.sandbox.SandboxState.Live;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The stream of one sandbox name, decided and folded by the product's own rules. */
public final class SandboxStream {

    public static final String NODE = "n1";
    static final PolicyDocument POLICY = BuiltInPolicies.restrictive();

    private final SandboxDecider decider = new SandboxDecider();
    private SandboxState state = decider.initial();
    private int made;

    /** The state a sandbox is in when it has come to this phase on the shortest way; its first process is {@code i1}. */
    static Live in(Phase phase) {
        return at(phase).live();
    }

    static SandboxStream at(Phase phase) {
        return at(phase, "s1");
    }

    /** As {@link #in}, with this id, and open to more. */
    public static SandboxStream at(Phase phase, String id) {
        SandboxStream stream = new SandboxStream();
        stream.user(create(id));
        switch (phase) {
            case PROVISIONING -> {}
            case READY -> stream.ready();
            case ERROR -> stream.ready().node(new SandboxCommand.ReportMainExited(1, "i1", 3));
            case DELETING -> stream.ready().user(new SandboxCommand.Delete());
            case STOPPING -> stream.ready().user(new SandboxCommand.Stop());
            case STOPPED -> stream.stopped();
            case STARTING -> stream.stopped().user(new SandboxCommand.Start(Optional.of(NODE)));
        }
        return stream;
    }

    static SandboxCommand.Create create(String id) {
        var launch = new SandboxRequest.Launch(List.of("agent", "--work"), true, Map.of("TOKEN", "hunter2"), "");
        return new SandboxCommand.Create(
                new SandboxRequest(id, "demo", "default", Map.of(), Map.of(), launch), POLICY, Optional.of(NODE));
    }

    /** The first policy plus a way for curl to one host. */
    static SandboxCommand.SetPolicy reaching(String host) {
        return new SandboxCommand.SetPolicy(
                POLICY.withNetworkPolicies(Map.of("web", new NetworkRule(
                        "web", List.of(NetworkEndpoint.plain(host, 443)), List.of(new NetworkBinary("/usr/bin/curl"))))),
                Map.of(), 0);
    }

    static Enforcement enforcement(long epoch, String instance) {
        return new Enforcement(
                epoch, instance, List.of(new LayerReport.Enforced(LayerKind.SECCOMP, "filter installed")), Map.of(), 1);
    }

    SandboxStream ready() {
        return node(new SandboxCommand.ReportEnforced(enforcement(live().placement().epoch(), "i1"), 1));
    }

    private SandboxStream stopped() {
        return ready().user(new SandboxCommand.Stop()).node(new SandboxCommand.ReportStopped(1));
    }

    public SandboxStream user(SandboxCommand command) {
        apply(command, Actor.Kind.USER, "ada");
        return this;
    }

    public SandboxStream node(SandboxCommand command) {
        apply(command, Actor.Kind.NODE, NODE);
        return this;
    }

    private void apply(SandboxCommand command, Actor.Kind kind, String subject) {
        Context context = new Context(new CommandId("c" + ++made), "corr", "", new Actor(kind, subject, "internal"), "",
                "gateway:g", Instant.EPOCH.plusSeconds(made));
        switch (decider.decide(command, state, context)) {
            case Decision.Rejected<SandboxEvent> refused -> {}
            case Decision.Accepted<SandboxEvent> accepted ->
                accepted.events().forEach(event -> state = decider.evolve(state, event, context));
        }
    }

    public SandboxState state() {
        return state;
    }

    public Live live() {
        return (Live) state;
    }

    public Phase phase() {
        return live().phase();
    }
}
