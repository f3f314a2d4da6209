package io.openshell.model.sandbox;

import io.openshell.model.isolation.LayerKind;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.policy.BuiltInPolicies;
import io.openshell.model.policy.FilesystemPolicy;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.PolicyHash;
import io.openshell.model.sandbox.SandboxEvent.DeleteRequested;
import io.openshell.model.sandbox.SandboxEvent.LayersEnforced;
import io.openshell.model.sandbox.SandboxEvent.MainProcessExited;
import io.openshell.model.sandbox.SandboxEvent.PolicyRevisionLoaded;
import io.openshell.model.sandbox.SandboxEvent.PolicyRevisionStored;
import io.openshell.model.sandbox.SandboxEvent.SandboxAssigned;
import io.openshell.model.sandbox.SandboxEvent.SandboxDeleted;
import io.openshell.model.sandbox.SandboxEvent.SandboxReady;
import io.openshell.model.sandbox.SandboxEvent.SandboxRequested;
import io.openshell.model.sandbox.SandboxEvent.SandboxStopped;
import io.openshell.model.sandbox.SandboxEvent.StartRequested;
import io.openshell.model.sandbox.SandboxEvent.StopRequested;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Streams that end where a test begins. The sandbox is {@code demo} on node {@code n1}, its first process {@code i1}. */
final class Histories {
    static final String NODE = "n1";
    static final PolicyDocument POLICY = BuiltInPolicies.restrictive();
    static final PolicyDocument WIDER = reaching("a.example.com");

    private Histories() {}

    static SandboxRequest request(String id) {
        var launch = new SandboxRequest.Launch(List.of("agent"), true, Map.of("TOKEN", "hunter2"), "");
        return new SandboxRequest(id, "demo", "default", Map.of("team", "blue"), Map.of(), launch);
    }

    /** The first policy plus egress of curl to one host. */
    static PolicyDocument reaching(String host) {
        return POLICY.withNetworkPolicies(Map.of("web", rule(host)));
    }

    /** curl to one host. */
    static NetworkRule rule(String host) {
        return new NetworkRule("web", List.of(NetworkEndpoint.plain(host, 443)), List.of(new NetworkBinary("/usr/bin/curl")));
    }

    /** The first policy with another set of writable paths. */
    static PolicyDocument writing(String... paths) {
        return POLICY.withFilesystem(new FilesystemPolicy(true, POLICY.filesystem().orElseThrow().readOnly(), List.of(paths)));
    }

    static Enforcement enforcement(long epoch, String instance) {
        return new Enforcement(epoch, instance, List.of(new LayerReport.Enforced(LayerKind.SECCOMP, "filter installed")),
                Map.of("Seccomp", "2"), 1);
    }

    static PolicyRevisionStored stored(int version, PolicyDocument policy) {
        return new PolicyRevisionStored(version, PolicyHash.of(policy), policy, Map.of());
    }

    static List<SandboxEvent> unused() {
        return List.of();
    }

    static List<SandboxEvent> provisioning() {
        return List.of(new SandboxRequested(request("s1")), stored(1, POLICY), new SandboxAssigned(NODE, 1));
    }

    static List<SandboxEvent> ready() {
        return plus(provisioning(), new LayersEnforced(enforcement(1, "i1")), new PolicyRevisionLoaded(1, 1), new SandboxReady(1, "i1"));
    }

    static List<SandboxEvent> error() {
        return plus(ready(), new MainProcessExited(1, "i1", 3));
    }

    static List<SandboxEvent> stopping() {
        return plus(ready(), new StopRequested(1));
    }

    static List<SandboxEvent> stopped() {
        return plus(stopping(), new SandboxStopped(1));
    }

    static List<SandboxEvent> starting() {
        return plus(stopped(), new StartRequested(NODE, 2));
    }

    static List<SandboxEvent> deleting() {
        return plus(ready(), new DeleteRequested());
    }

    static List<SandboxEvent> deleted() {
        return plus(deleting(), new SandboxDeleted("s1"));
    }

    static List<SandboxEvent> in(Phase phase) {
        return switch (phase) {
            case PROVISIONING -> provisioning();
            case READY -> ready();
            case ERROR -> error();
            case DELETING -> deleting();
            case STOPPING -> stopping();
            case STOPPED -> stopped();
            case STARTING -> starting();
        };
    }

    static List<SandboxEvent> plus(List<SandboxEvent> before, SandboxEvent... more) {
        List<SandboxEvent> all = new ArrayList<>(before);
        all.addAll(List.of(more));
        return all;
    }
}
