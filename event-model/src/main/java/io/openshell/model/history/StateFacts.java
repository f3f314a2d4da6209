package io.openshell.model.history;

import io.openshell.model.AggregateState;
import io.openshell.model.global.GlobalPolicy;
import io.openshell.model.inference.InferenceRoutes;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.node.NodeDescription;
import io.openshell.model.node.NodeState;
import io.openshell.model.provider.ProviderState;
import io.openshell.model.sandbox.Basis;
import io.openshell.model.sandbox.Policies;
import io.openshell.model.sandbox.PolicyRevision;
import io.openshell.model.sandbox.ProvidedRules;
import io.openshell.model.sandbox.SandboxRequest;
import io.openshell.model.sandbox.SandboxState;
import io.openshell.model.settings.Settings;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A state as named texts, so that two states can be compared fact by fact. Values of environment variables and the
 * settings of middlewares may be private: only their names are facts. Pure.
 */
public final class StateFacts {

    private StateFacts() {}

    /** The facts by path; a sandbox that does not exist has the phase {@code None}. */
    public static SortedMap<String, String> of(AggregateState state) {
        SortedMap<String, String> facts = new TreeMap<>();
        switch (state) {
            case SandboxState.Unused unused -> facts.put("phase", "None");
            case SandboxState.Deleted deleted -> facts.put("phase", "Deleted");
            case SandboxState.Live live -> live(live, facts);
            case GlobalPolicy global -> {
                facts.put("state", global.present() ? "InForce" : "None");
                facts.put("policy.newest_version", Integer.toString(global.revisions().size()));
                global.inForce().ifPresent(revision -> {
                    facts.put("policy.hash", revision.hash());
                    PolicyFacts.of(revision.policy(), facts);
                });
            }
            case InferenceRoutes inference -> inference.routes().forEach((name, route) -> facts.put("route." + name,
                    "version " + route.version() + route.target()
                            .map(to -> ": model " + to.model() + " of provider " + to.provider() + ", timeout " + to.timeoutSeconds() + " s")
                            .orElse(", deleted")));
            case Settings settings -> settings(settings, facts);
            case ProviderState provider -> ProviderFacts.of(provider, facts);
            case NodeState.Unknown unknown -> facts.put("state", "Unknown");
            case NodeState.Registered node -> {
                facts.put("state", "Registered");
                facts.put("incarnation", node.incarnation());
                node(node.description(), facts);
            }
            case NodeState.Lost lost -> {
                facts.put("state", "Lost");
                facts.put("reason", lost.reason());
                facts.put("incarnation", lost.last().incarnation());
                node(lost.last().description(), facts);
            }
            case NodeState.Retired node -> {
                facts.put("state", "Retired");
                facts.put("reason", node.reason());
                node(node.description(), facts);
            }
        }
        return facts;
    }

    private static void node(NodeDescription description, SortedMap<String, String> facts) {
        facts.put("hostname", description.hostname());
        description.runtimes().forEach(runtime -> facts.put("runtime " + runtime, ""));
        description.layers().forEach(layer -> facts.put("layer " + layer, ""));
        put(facts, "unfit_reason", description.unfitReason());
    }

    private static void live(SandboxState.Live state, SortedMap<String, String> facts) {
        request(state.request(), facts);
        SandboxState.Lifecycle lifecycle = state.lifecycle();
        String phase = lifecycle.phase().name();
        facts.put("phase", phase.charAt(0) + phase.substring(1).toLowerCase(Locale.ROOT));
        put(facts, "condition.reason", lifecycle.condition().reason());
        put(facts, "condition.message", lifecycle.condition().message());
        put(facts, "instance_id", lifecycle.instanceId());
        lifecycle.exitCode().ifPresent(code -> facts.put("exit_code", Integer.toString(code)));
        put(facts, "node", state.placement().node());
        facts.put("epoch", Long.toString(state.placement().epoch()));
        state.enforcement().ifPresent(enforcement -> enforcement.layers().forEach(layer ->
                facts.put("layer." + layer.kind().name().toLowerCase(Locale.ROOT), layer(layer))));
        state.providers().forEach(provider -> facts.put("provider " + provider, "attached"));
        ProvidedRules.of(state.attachments()).forEach((key, rule) -> PolicyFacts.rule("contributed." + key, rule, facts));
        policies(state.policies(), facts);
        settings(state.settings(), facts);
    }

    private static void settings(Settings settings, SortedMap<String, String> facts) {
        settings.values().forEach((key, value) -> facts.put("setting." + key, value.text()));
    }

    private static String layer(LayerReport report) {
        return switch (report) {
            case LayerReport.Enforced e -> "enforced: " + e.detail();
            case LayerReport.Weakened e -> "weakened: " + e.missing();
            case LayerReport.Absent e -> "absent: " + e.why();
        };
    }

    private static void request(SandboxRequest request, SortedMap<String, String> facts) {
        facts.put("id", request.sandboxId());
        request.labels().forEach((key, value) -> facts.put("label." + key, value));
        request.annotations().forEach((key, value) -> facts.put("annotation." + key, value));
        facts.put("command", String.join(" ", request.launch().command()));
        facts.put("tty", Boolean.toString(request.launch().tty()));
        put(facts, "log_level", request.launch().logLevel());
        Basis basis = request.launch().basis();
        put(facts, "from", basis.source().text());
        share(facts, "cpu_millis", basis.shares().cpuMillis());
        share(facts, "memory_bytes", basis.shares().memoryBytes());
        share(facts, "processes", basis.shares().processes());
        share(facts, "disk_bytes", basis.shares().diskBytes());
        request.launch().environment().keySet().forEach(key -> facts.put("environment." + key, "set"));
    }

    private static void share(SortedMap<String, String> facts, String name, long value) {
        put(facts, "share." + name, value == 0 ? "" : Long.toString(value));
    }

    private static void policies(Policies policies, SortedMap<String, String> facts) {
        Optional<PolicyRevision> inForce = policies.revision(policies.activeVersion());
        facts.put("policy.active_version", Integer.toString(policies.activeVersion()));
        policies.newest().ifPresent(newest -> facts.put("policy.newest_version", newest.version()
                + " " + newest.status().kind().name().toLowerCase(Locale.ROOT)));
        put(facts, "policy.global_version", policies.globalVersion() == 0 ? "" : Integer.toString(policies.globalVersion()));
        put(facts, "policy.provider_rules", policies.provided().mark());
        inForce.or(policies::newest).ifPresent(shown -> {
            facts.put("policy.hash", shown.hash());
            PolicyFacts.of(shown.policy(), facts);
        });
    }

    static void put(SortedMap<String, String> facts, String path, String value) {
        if (!value.isEmpty()) {
            facts.put(path, value);
        }
    }
}
