package io.openshell.model.history;

import io.openshell.model.CommandRejected;
import io.openshell.model.CommandUnchanged;
import io.openshell.model.Event;
import io.openshell.model.EventSkipped;
import io.openshell.model.global.GlobalEvent;
import io.openshell.model.inference.InferenceEvent;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.node.NodeEvent;
import io.openshell.model.provider.ProviderEvent;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.model.sandbox.SandboxSource;
import io.openshell.model.sandbox.Session;
import io.openshell.model.settings.SettingValue;
import io.openshell.model.settings.SettingsEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An event in one line for a person. Pure. */
public final class Summary {

    private Summary() {}

    /** The line. */
    public static String of(Event event) {
        return switch (event) {
            case SandboxEvent e -> sandbox(e);
            case NodeEvent.NodeRegistered e -> "node on " + e.description().hostname() + " registered";
            case NodeEvent.NodeRuntimesChanged e -> "node runs " + String.join(", ", e.runtimes()) + " now: " + e.reason();
            case NodeEvent.NodeRetired e -> "node retired: " + e.reason();
            case NodeEvent.NodeLost e -> "node lost: " + e.reason();
            case NodeEvent.NodeReturned e -> "node is back";
            case GlobalEvent.GlobalPolicySet e -> "global policy version " + e.version() + " set, " + shortHash(e.hash());
            case GlobalEvent.GlobalPolicyDeleted e -> "global policy deleted, it was version " + e.version();
            case SettingsEvent.GatewaySettingChanged e -> "for every sandbox: " + setting(e.key(), e.value());
            case ProviderEvent e -> ProviderFacts.summary(e);
            case InferenceEvent.RouteSet e -> "route " + e.route() + " version " + e.version() + " set to model " + e.target().model()
                    + " of provider " + e.target().provider();
            case InferenceEvent.RouteDeleted e -> "route " + e.route() + " deleted";
            case CommandRejected e -> e.command() + " refused, " + e.rejection().code() + ": " + e.rejection().reason()
                    + (e.count() == 1 ? "" : " (" + e.count() + " times)");
            case EventSkipped e -> "the unreadable event at version " + e.version() + " was left out";
            case CommandUnchanged e -> e.command() + " asked for what held already";
        };
    }

    private static String sandbox(SandboxEvent event) {
        return switch (event) {
            case SandboxEvent.SandboxRequested e -> "sandbox " + e.request().name() + " requested, to run "
                    + command(e.request().launch().command()) + from(e.request().launch().basis().source());
            case SandboxEvent.PolicyRevisionStored e -> "policy version " + e.version() + " stored, " + shortHash(e.hash());
            case SandboxEvent.SandboxAssigned e -> "assigned to node " + e.node() + ", epoch " + e.epoch();
            case SandboxEvent.LayersEnforced e -> layers(e.enforcement().layers());
            case SandboxEvent.SandboxReady e -> "ready, main process " + e.instanceId();
            case SandboxEvent.SandboxRefused e -> "not started, " + e.code() + ": " + e.reason();
            case SandboxEvent.SandboxInterrupted e -> "interrupted: " + e.reason();
            case SandboxEvent.LimitReached e -> e.detail() + (e.times() > 1 ? " (" + e.times() + " times)" : "");
            case SandboxEvent.SandboxPaused e -> "paused: " + e.detail();
            case SandboxEvent.SandboxResumed e -> "goes on, main process " + e.instanceId();
            case SandboxEvent.SandboxAdopted e -> "taken over by a new start of the agent, main process " + e.instanceId();
            case SandboxEvent.MainProcessExited e -> e.exitCode().map(code -> "main process exited with " + code)
                    .orElse("main process ended, status unknown");
            case SandboxEvent.StopRequested e -> "stop requested";
            case SandboxEvent.SandboxStopped e -> "stopped";
            case SandboxEvent.StartRequested e -> "start requested on node " + e.node() + ", epoch " + e.epoch();
            case SandboxEvent.DeleteRequested e -> "delete requested";
            case SandboxEvent.SandboxDeleted e -> "deleted";
            case SandboxEvent.PolicyRevisionLoaded e -> "policy version " + e.version() + " in force";
            case SandboxEvent.PolicyRevisionFailed e -> "policy version " + e.version() + " failed: " + e.error();
            case SandboxEvent.GlobalPolicyLoaded e -> e.version() == 0
                    ? "its own policy in force again"
                    : "global policy version " + e.version() + " in force instead of its own";
            case SandboxEvent.ProviderRulesLoaded e -> e.mark().isEmpty()
                    ? "no rules of providers in force any more"
                    : "rules of attached providers in force";
            case SandboxEvent.ProposalSubmitted e -> "rule " + e.ruleName() + " proposed from inside as " + e.proposalId()
                    + (e.intent().isEmpty() ? "" : ": " + e.intent().replaceAll("\\p{Cntrl}", " "));
            case SandboxEvent.DraftEdited e -> "proposal " + e.draftId() + " edited";
            case SandboxEvent.SettingChanged e -> setting(e.key(), e.value());
            case SandboxEvent.ProviderAttached e -> "provider " + e.attachment().provider() + " attached";
            case SandboxEvent.ProviderDetached e -> "provider " + e.provider() + " detached";
            case SandboxEvent.SessionOpened e -> session(e.session());
            case SandboxEvent.DraftDecided e -> "proposal " + e.draftId() + " " + e.verdict().name().toLowerCase(java.util.Locale.ROOT)
                    + (e.reason().isEmpty() ? "" : ": " + e.reason());
            case SandboxEvent.SessionClosed e -> "session " + e.sessionId() + " closed with " + e.exitCode();
        };
    }

    private static String setting(String key, Optional<SettingValue> value) {
        return value.map(given -> "setting " + key + " = " + given.text()).orElse("setting " + key + " deleted");
    }

    private static String from(SandboxSource source) {
        return source.text().isEmpty() ? "" : " from " + source.text();
    }

    private static String session(Session session) {
        return switch (session.kind()) {
            case EXEC -> "session opened to run " + command(session.command());
            case ATTACH -> "session opened to attach to the main process";
        };
    }

    private static String layers(List<LayerReport> layers) {
        List<String> weak = new ArrayList<>();
        List<String> absent = new ArrayList<>();
        for (LayerReport layer : layers) {
            switch (layer) {
                case LayerReport.Enforced enforced -> { }
                case LayerReport.Weakened gap -> weak.add(name(gap) + ": " + gap.missing());
                case LayerReport.Absent gap -> absent.add(name(gap) + ": " + gap.why());
            }
        }
        return layers.size() - weak.size() - absent.size() + " layers enforced, " + counted(weak, "weakened") + ", "
                + counted(absent, "absent");
    }

    private static String counted(List<String> gaps, String state) {
        return gaps.size() + " " + state + (gaps.isEmpty() ? "" : " (" + String.join("; ", gaps) + ")");
    }

    private static String name(LayerReport layer) {
        return layer.kind().name().toLowerCase(Locale.ROOT);
    }

    private static String command(List<String> command) {
        String line = command.isEmpty() ? "a login shell" : String.join(" ", command).replaceAll("\\p{Cntrl}", " ");
        return line.length() <= 120 ? line : line.substring(0, 120) + "...";
    }

    private static String shortHash(String hash) {
        return hash.length() <= 12 ? hash : hash.substring(0, 12);
    }
}
