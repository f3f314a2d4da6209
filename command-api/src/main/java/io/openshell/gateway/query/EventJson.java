package io.openshell.gateway.query;

import io.openshell.model.CommandRejected;
import io.openshell.model.CommandUnchanged;
import io.openshell.model.Event;
import io.openshell.model.EventSkipped;
import io.openshell.model.global.GlobalEvent;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.inference.InferenceEvent;
import io.openshell.model.node.NodeEvent;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.provider.ProviderEvent;
import io.openshell.model.sandbox.Attachment;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.model.sandbox.SandboxRequest;
import io.openshell.model.sandbox.Session;
import io.openshell.model.sandbox.Shares;
import io.openshell.model.settings.SettingValue;
import io.openshell.model.settings.SettingsEvent;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An event's own fields as one JSON object. Pure. Values of environment variables and the parameters of a policy's
 * middlewares may be private and are left out.
 */
public final class EventJson {

    private EventJson() {}

    /** The object as text. */
    public static String of(Event event) {
        JsonObject body = switch (event) {
            case SandboxEvent e -> sandbox(e);
            case NodeEvent.NodeRegistered e -> object()
                    .put("hostname", e.description().hostname())
                    .put("runtimes", array(e.description().runtimes()))
                    .put("layers", array(e.description().layers()))
                    .put("unfit_reason", e.description().unfitReason())
                    .put("incarnation", e.incarnation())
                    .put("lease_ms", e.lease().toMillis());
            case NodeEvent.NodeRuntimesChanged e -> object()
                    .put("runtimes", array(e.runtimes()))
                    .put("reason", e.reason());
            case NodeEvent.NodeRetired e -> object().put("reason", e.reason());
            case NodeEvent.NodeLost e -> object().put("reason", e.reason());
            case NodeEvent.NodeReturned e -> object();
            case GlobalEvent.GlobalPolicySet e -> object()
                    .put("version", e.version())
                    .put("hash", e.hash())
                    .put("network_rules", array(List.copyOf(e.policy().networkPolicies().keySet())));
            case GlobalEvent.GlobalPolicyDeleted e -> object().put("version", e.version());
            case SettingsEvent.GatewaySettingChanged e -> setting(e.key(), e.value());
            case InferenceEvent.RouteSet e -> object()
                    .put("route", e.route())
                    .put("version", e.version())
                    .put("provider", e.target().provider())
                    .put("model", e.target().model())
                    .put("timeout_seconds", e.target().timeoutSeconds());
            case InferenceEvent.RouteDeleted e -> object().put("route", e.route());
            case ProviderEvent e -> ProviderJson.of(e);
            case CommandRejected e -> object()
                    .put("command", e.command())
                    .put("code", e.rejection().code().name())
                    .put("reason", e.rejection().reason())
                    .put("count", e.count());
            case CommandUnchanged e -> object().put("command", e.command());
            case EventSkipped e -> object().put("version", e.version());
        };
        return body.encode();
    }

    private static JsonObject sandbox(SandboxEvent event) {
        return switch (event) {
            case SandboxEvent.SandboxRequested e -> request(e.request());
            case SandboxEvent.PolicyRevisionStored e -> object()
                    .put("version", e.version())
                    .put("hash", e.hash())
                    .put("network_rules", array(List.copyOf(e.policy().networkPolicies().keySet())))
                    .put("provenance", map(e.provenance()));
            case SandboxEvent.SandboxAssigned e -> object().put("node", e.node()).put("epoch", e.epoch());
            case SandboxEvent.LayersEnforced e -> object()
                    .put("epoch", e.enforcement().epoch())
                    .put("instance_id", e.enforcement().instanceId())
                    .put("layers", layers(e.enforcement().layers()))
                    .put("evidence", map(e.enforcement().evidence()))
                    .put("generation", e.enforcement().generation());
            case SandboxEvent.SandboxReady e -> object().put("epoch", e.epoch()).put("instance_id", e.instanceId());
            case SandboxEvent.SandboxRefused e -> object()
                    .put("epoch", e.epoch())
                    .put("layers", layers(e.layers()))
                    .put("code", e.code())
                    .put("reason", e.reason());
            case SandboxEvent.SandboxInterrupted e -> object().put("epoch", e.epoch()).put("reason", e.reason());
            case SandboxEvent.SandboxAdopted e -> object()
                    .put("epoch", e.epoch())
                    .put("instance_id", e.instanceId())
                    .put("verified", map(e.verified()));
            case SandboxEvent.SandboxPaused e -> object()
                    .put("epoch", e.epoch())
                    .put("instance_id", e.instanceId())
                    .put("detail", e.detail());
            case SandboxEvent.SandboxResumed e -> object().put("epoch", e.epoch()).put("instance_id", e.instanceId());
            case SandboxEvent.LimitReached e -> object()
                    .put("epoch", e.epoch())
                    .put("instance_id", e.instanceId())
                    .put("limit", e.limit())
                    .put("times", e.times())
                    .put("detail", e.detail());
            case SandboxEvent.MainProcessExited e -> object()
                    .put("epoch", e.epoch())
                    .put("instance_id", e.instanceId())
                    .put("exit_code", e.exitCode().orElse(null));
            case SandboxEvent.StopRequested e -> object().put("epoch", e.epoch());
            case SandboxEvent.SandboxStopped e -> object().put("epoch", e.epoch());
            case SandboxEvent.StartRequested e -> object().put("node", e.node()).put("epoch", e.epoch());
            case SandboxEvent.DeleteRequested e -> object();
            case SandboxEvent.SandboxDeleted e -> object().put("sandbox_id", e.sandboxId());
            case SandboxEvent.PolicyRevisionLoaded e -> object()
                    .put("version", e.version())
                    .put("generation", e.generation());
            case SandboxEvent.PolicyRevisionFailed e -> object().put("version", e.version()).put("error", e.error());
            case SandboxEvent.GlobalPolicyLoaded e -> object().put("epoch", e.epoch()).put("version", e.version());
            case SandboxEvent.ProviderRulesLoaded e -> object().put("epoch", e.epoch()).put("mark", e.mark());
            case SandboxEvent.DraftDecided e -> object()
                    .put("draft_id", e.draftId())
                    .put("verdict", e.verdict().name())
                    .put("reason", e.reason())
                    .put("policy_version", e.policyVersion());
            case SandboxEvent.ProposalSubmitted e -> object()
                    .put("proposal_id", e.proposalId())
                    .put("rule_name", e.ruleName())
                    .put("endpoints", endpoints(e.rule()))
                    .put("intent", e.intent());
            case SandboxEvent.DraftEdited e -> object().put("draft_id", e.draftId()).put("endpoints", endpoints(e.rule()));
            case SandboxEvent.SettingChanged e -> setting(e.key(), e.value());
            case SandboxEvent.ProviderAttached e -> contribution(e.attachment());
            case SandboxEvent.ProviderDetached e -> object().put("provider", e.provider());
            case SandboxEvent.SessionOpened e -> session(e.session());
            case SandboxEvent.SessionClosed e -> object()
                    .put("session_id", e.sessionId())
                    .put("exit_code", e.exitCode());
        };
    }

    private static JsonObject contribution(Attachment attachment) {
        JsonObject told = object().put("provider", attachment.provider());
        attachment.rule().ifPresent(rule -> told.put("endpoints", endpoints(rule)));
        return told;
    }

    private static JsonArray endpoints(NetworkRule rule) {
        return array(rule.endpoints().stream().flatMap(each -> each.ports().stream().map(port -> each.host() + ":" + port)).toList());
    }

    private static JsonObject setting(String key, Optional<SettingValue> value) {
        return object().put("key", key).put("value", value.map(SettingValue::text).orElse(null));
    }

    private static JsonObject request(SandboxRequest request) {
        return object()
                .put("sandbox_id", request.sandboxId())
                .put("name", request.name())
                .put("workspace", request.workspace())
                .put("labels", map(request.labels()))
                .put("annotations", map(request.annotations()))
                .put("command", array(request.launch().command()))
                .put("tty", request.launch().tty())
                .put("environment_keys", array(List.copyOf(new TreeSet<>(request.launch().environment().keySet()))))
                .put("log_level", request.launch().logLevel())
                .put("from", request.launch().basis().source().text())
                .put("shares", shares(request.launch().basis().shares()));
    }

    private static JsonObject shares(Shares shares) {
        return object()
                .put("cpu_millis", shares.cpuMillis())
                .put("memory_bytes", shares.memoryBytes())
                .put("processes", shares.processes())
                .put("disk_bytes", shares.diskBytes());
    }

    private static JsonObject session(Session session) {
        return object()
                .put("session_id", session.sessionId())
                .put("kind", session.kind().name())
                .put("command", array(session.command()))
                .put("tty", session.tty());
    }

    private static JsonArray layers(List<LayerReport> layers) {
        JsonArray array = new JsonArray();
        for (LayerReport layer : layers) {
            JsonObject entry = object().put("kind", layer.kind().name());
            array.add(switch (layer) {
                case LayerReport.Enforced e -> entry.put("state", "enforced").put("detail", e.detail());
                case LayerReport.Weakened e -> entry.put("state", "weakened").put("detail", e.missing());
                case LayerReport.Absent e -> entry.put("state", "absent").put("detail", e.why());
            });
        }
        return array;
    }

    private static JsonObject object() {
        return new JsonObject();
    }

    private static JsonArray array(List<String> texts) {
        return new JsonArray(texts);
    }

    private static JsonObject map(Map<String, String> entries) {
        return new JsonObject(new TreeMap<>(entries));
    }
}
