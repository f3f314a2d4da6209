package io.openshell.wire.events;

import io.openshell.model.Actor;
import io.openshell.model.Command;
import io.openshell.model.CommandEnvelope;
import io.openshell.model.CommandId;
import io.openshell.model.CommandRejected;
import io.openshell.model.CommandUnchanged;
import io.openshell.model.Context;
import io.openshell.model.Event;
import io.openshell.model.EventEnvelope;
import io.openshell.model.EventSkipped;
import io.openshell.model.Rejection;
import io.openshell.model.RejectionCode;
import io.openshell.model.StreamCommand;
import io.openshell.model.StreamId;
import io.openshell.model.global.GlobalCommand;
import io.openshell.model.global.GlobalEvent;
import io.openshell.model.inference.InferenceCommand;
import io.openshell.model.inference.InferenceEvent;
import io.openshell.model.inference.RouteTarget;
import io.openshell.model.isolation.LayerKind;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.node.NodeCommand;
import io.openshell.model.node.NodeDescription;
import io.openshell.model.node.NodeEvent;
import io.openshell.model.provider.ProviderCommand;
import io.openshell.model.provider.ProviderContent;
import io.openshell.model.provider.ProviderEvent;
import io.openshell.model.provider.ProviderIdentity;
import io.openshell.model.sandbox.Attachment;
import io.openshell.model.sandbox.Basis;
import io.openshell.model.sandbox.Drafts;
import io.openshell.model.sandbox.Enforcement;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.model.sandbox.SandboxRequest;
import io.openshell.model.sandbox.SandboxSource;
import io.openshell.model.sandbox.Session;
import io.openshell.model.sandbox.Shares;
import io.openshell.model.settings.SettingValue;
import io.openshell.model.settings.SettingsCommand;
import io.openshell.model.settings.SettingsEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One of every command and event, every field filled. Their bytes are committed: a released sample is never changed, a new field gets a
 * sample of its own.
 */
final class Samples {
    static final Context CONTEXT = new Context(new CommandId("cmd-1"), "corr-1", "4bf92f3577b34da6", new Actor(Actor.Kind.NODE, "n1", "node-key"),
            "10.0.0.7", "gateway:g1", Instant.parse("2026-03-01T12:00:00.123456789Z"));
    /** The same of a call that was asked under an id of its own. */
    static final Context CALL = new Context(CONTEXT.commandId(), CONTEXT.correlationId(), CONTEXT.traceId(), CONTEXT.actor(),
            CONTEXT.originAddress(), CONTEXT.assertedBy(), CONTEXT.time(), "ef".repeat(32));
    static final SandboxRequest REQUEST = new SandboxRequest("0195-a", "demo", "default", Map.of("team", "blue", "tier", "1"),
            Map.of("note", "first", "by", "ada"),
            new SandboxRequest.Launch(List.of("agent", "--fast"), true, Map.of("LANG", "C", "HOME", "/sandbox"), "debug"));
    /** The same on a basis of its own. */
    static final SandboxRequest FROM_IMAGE = new SandboxRequest("0195-b", "boxed", "default", Map.of(), Map.of(),
            new SandboxRequest.Launch(List.of("agent"), false, Map.of(), "",
                    new Basis(new SandboxSource.Image("local/tools:1"), new Shares(1500, 1L << 30, 200, 1L << 28))));
    static final List<LayerReport> LAYERS = List.of(new LayerReport.Enforced(LayerKind.SECCOMP, "filter 3f2a"),
            new LayerReport.Weakened(LayerKind.MOUNTS, "no idmapped mounts"), new LayerReport.Absent(LayerKind.LANDLOCK, "kernel 5.4"));
    static final Enforcement ENFORCEMENT =
            new Enforcement(2, "i7", LAYERS, Map.of("Seccomp", "2", "NoNewPrivs", "1"), 9);
    static final Session SESSION = new Session("x1", Session.Kind.EXEC, List.of("ls", "-l"), true, "10.0.0.1:7001");
    static final NodeDescription HOST =
            new NodeDescription("host-1", List.of("linux", "other"), List.of("landlock abi 4"), "no user namespaces");

    static final ProviderIdentity PROVIDER =
            new ProviderIdentity("0195-p", "work", "default", "github", Map.of("team", "blue", "tier", "1"));
    static final ProviderContent CONTENT = new ProviderContent(
            new TreeMap<>(Map.of("GH_TOKEN", Optional.of(Instant.parse("2026-04-01T00:00:00Z")), "GITHUB_TOKEN", Optional.empty())),
            new TreeMap<>(Map.of("REGION", "eu", "PROJECT", "p1")), "b-1");

    static final RouteTarget ROUTE = new RouteTarget("work", "m-1", 90);

    private Samples() {}

    static List<Event> events() {
        return List.of(
                new SandboxEvent.SandboxRequested(REQUEST),
                new SandboxEvent.PolicyRevisionStored(3, "ab".repeat(32), SamplePolicy.EVERYTHING, Map.of("why", "ticket", "by", "ada")),
                new SandboxEvent.SandboxAssigned("n1", 2),
                new SandboxEvent.LayersEnforced(ENFORCEMENT),
                new SandboxEvent.SandboxReady(2, "i7"),
                new SandboxEvent.SandboxRefused(2, LAYERS, "LandlockAbsent", "kernel too old"),
                new SandboxEvent.SandboxInterrupted(2, "agent restarted"),
                new SandboxEvent.MainProcessExited(2, "i7", 137),
                new SandboxEvent.StopRequested(2),
                new SandboxEvent.SandboxStopped(2),
                new SandboxEvent.StartRequested("n1", 3),
                new SandboxEvent.DeleteRequested(),
                new SandboxEvent.SandboxDeleted("0195-a"),
                new SandboxEvent.PolicyRevisionLoaded(3, 9),
                new SandboxEvent.PolicyRevisionFailed(3, "cannot resolve a.example.com"),
                new SandboxEvent.DraftDecided("d1", Drafts.Verdict.REJECTED, "not wanted", 4),
                new SandboxEvent.SessionOpened(SESSION),
                new SandboxEvent.SessionClosed("x1", 2),
                new NodeEvent.NodeRegistered(HOST, "a1"),
                new NodeEvent.NodeRetired("maintenance"),
                new CommandRejected("Stop", new Rejection(RejectionCode.SANDBOX_UNKNOWN, "there is no such sandbox")),
                new CommandUnchanged("Stop"),
                new CommandRejected("Stop", new Rejection(RejectionCode.SANDBOX_UNKNOWN, "there is no such sandbox"), 40),
                new EventSkipped(5),
                new SandboxEvent.SandboxAdopted(2, "i7", Map.of("main.pid", "4711", "ns.net", "net:[4026532281]")),
                new SandboxEvent.MainProcessExited(2, "i7", Optional.empty()),
                new NodeEvent.NodeRegistered(HOST, "a1", Duration.ofSeconds(20)),
                new NodeEvent.NodeLost("no sign of life for 21 s"),
                new NodeEvent.NodeReturned(),
                new NodeEvent.NodeRuntimesChanged(List.of("linux"), "no engine answers"),
                new SandboxEvent.SandboxRequested(FROM_IMAGE),
                new SandboxEvent.LimitReached(2, "i7", "memory", 3, "out of memory"),
                new SandboxEvent.SandboxPaused(2, "i7", "its container is paused"),
                new SandboxEvent.SandboxResumed(2, "i7"),
                new SandboxEvent.GlobalPolicyLoaded(2, 4),
                new GlobalEvent.GlobalPolicySet(4, "ab".repeat(32), SamplePolicy.EVERYTHING),
                new GlobalEvent.GlobalPolicyDeleted(4),
                new ProviderEvent.ProviderCreated(PROVIDER, CONTENT),
                new ProviderEvent.ProviderUpdated(3, CONTENT),
                new ProviderEvent.ProviderDeleted("0195-p"),
                new SandboxEvent.ProviderAttached("work"),
                new SandboxEvent.ProviderDetached("work"),
                new SandboxEvent.SettingChanged("proposal_approval_mode", Optional.of(new SettingValue.Word("auto"))),
                new SettingsEvent.GatewaySettingChanged("agent_policy_proposals_enabled", Optional.of(new SettingValue.Flag(true))),
                new SettingsEvent.GatewaySettingChanged("agent_policy_proposals_enabled", Optional.empty()),
                new SandboxEvent.ProposalSubmitted("p1", "issues", SamplePolicy.rule(), "reads issues"),
                new SandboxEvent.DraftEdited("d1", SamplePolicy.rule()),
                new InferenceEvent.RouteSet("inference.local", 2, ROUTE),
                new InferenceEvent.RouteDeleted("inference.local"),
                new SandboxEvent.ProviderAttached(new Attachment("work", Optional.of(SamplePolicy.rule()))),
                new SandboxEvent.ProviderRulesLoaded(2, "ab".repeat(32)));
    }

    static List<Command> commands() {
        return List.of(
                new SandboxCommand.Create(REQUEST, SamplePolicy.EVERYTHING, Optional.of("n1")),
                new SandboxCommand.Stop(),
                new SandboxCommand.Start(Optional.of("n1")),
                new SandboxCommand.Delete(),
                new SandboxCommand.SetPolicy(SamplePolicy.EVERYTHING, Map.of("why", "ticket", "by", "ada"), 4),
                new SandboxCommand.DecideDraft("d1", Drafts.Verdict.APPROVED, "asked for",
                        Optional.of(new SandboxCommand.SetPolicy(SamplePolicy.EVERYTHING, Map.of("draft", "d1"), 4))),
                new SandboxCommand.OpenSession(SESSION),
                new SandboxCommand.ReportEnforced(ENFORCEMENT, 3),
                new SandboxCommand.ReportRefused(2, LAYERS, "LandlockAbsent", "kernel too old"),
                new SandboxCommand.ReportInterrupted(2, "agent restarted"),
                new SandboxCommand.ReportMainExited(2, "i7", 137),
                new SandboxCommand.ReportStopped(2),
                new SandboxCommand.ReportRemoved("0195-a"),
                new SandboxCommand.ReportPolicyLoaded(3, 9),
                new SandboxCommand.ReportPolicyFailed(3, "cannot resolve a.example.com"),
                new SandboxCommand.ReportSessionClosed("x1", 2),
                new NodeCommand.Register(HOST, "a1"),
                new NodeCommand.Retire("a1", "maintenance"),
                new StreamCommand.SkipEvent(5),
                new StreamCommand.RecordRefusals(
                        "Stop", new Rejection(RejectionCode.SANDBOX_UNKNOWN, "there is no such sandbox"), 40),
                new SandboxCommand.ReportAdopted(2, "i7", Map.of("main.pid", "4711", "ns.net", "net:[4026532281]")),
                new SandboxCommand.ReportMainExited(2, "i7", Optional.empty()),
                new NodeCommand.Register(HOST, "a1", Duration.ofSeconds(20)),
                new NodeCommand.ReportLost("a1", "no sign of life for 21 s"),
                new NodeCommand.ReportReturned("a1"),
                new NodeCommand.ReportRuntimes("a1", List.of("linux"), "no engine answers"),
                new SandboxCommand.Create(FROM_IMAGE, SamplePolicy.EVERYTHING, Optional.of("n1")),
                new SandboxCommand.ReportLimitReached(2, "i7", "memory", 3, "out of memory"),
                new SandboxCommand.ReportPause(2, "i7", Optional.of("its container is paused")),
                new SandboxCommand.ReportPause(2, "i7", Optional.empty()),
                new SandboxCommand.ReportGlobalPolicy(2, 4),
                new GlobalCommand.SetGlobal(SamplePolicy.EVERYTHING, 3),
                new GlobalCommand.DeleteGlobal(),
                new ProviderCommand.CreateProvider(PROVIDER, CONTENT),
                new ProviderCommand.UpdateProvider("github", CONTENT, 2),
                new ProviderCommand.DeleteProvider(),
                new SandboxCommand.AttachProvider("work"),
                new SandboxCommand.DetachProvider("work"),
                new SandboxCommand.Create(FROM_IMAGE, SamplePolicy.EVERYTHING, Optional.of("n1"), List.of("work", "model")),
                new SandboxCommand.ChangeSetting("proposal_approval_mode", Optional.of(new SettingValue.Word("auto"))),
                new SettingsCommand.ChangeGatewaySetting("agent_policy_proposals_enabled", Optional.of(new SettingValue.Flag(true))),
                new SettingsCommand.ChangeGatewaySetting("agent_policy_proposals_enabled", Optional.empty()),
                new SandboxCommand.SubmitProposal("p1", "issues", SamplePolicy.rule(), "reads issues"),
                new SandboxCommand.EditDraft("d1", SamplePolicy.rule()),
                new InferenceCommand.SetRoute("inference.local", ROUTE),
                new InferenceCommand.DeleteRoute("inference.local"),
                new SandboxCommand.ReportProviderRules(2, "ab".repeat(32)));
    }

    /** The sample in every version there is of its type, oldest first. */
    static List<EventEnvelope> versions(Event event) {
        EventEnvelope first = envelope(event);
        EventEnvelope second = new EventEnvelope(first.eventId(), first.stream(), first.version(), first.context(), 2,
                first.remaining(), first.previousHash(), event);
        return event instanceof CommandRejected ? List.of(first, second) : List.of(first);
    }

    static EventEnvelope envelope(Event event) {
        StreamId stream = switch (event) {
            case NodeEvent node -> StreamId.node("n1");
            case GlobalEvent global -> StreamId.globalPolicy();
            case InferenceEvent inference -> StreamId.inference("default");
            case SettingsEvent settings -> StreamId.settings();
            case ProviderEvent provider -> StreamId.provider("default", "work");
            case SandboxEvent sandbox -> StreamId.sandbox("default", "demo");
            case CommandRejected any -> StreamId.sandbox("default", "demo");
            case CommandUnchanged any -> StreamId.sandbox("default", "demo");
            case EventSkipped any -> StreamId.sandbox("default", "demo");
        };
        return new EventEnvelope("evt-1", stream, 5, event instanceof EventSkipped ? CALL : CONTEXT, EventCodec.SCHEMA_VERSION, 2, "cd".repeat(32), event);
    }

    static CommandEnvelope envelope(Command command) {
        StreamId stream = switch (command) {
            case NodeCommand node -> StreamId.node("n1");
            case GlobalCommand global -> StreamId.globalPolicy();
            case InferenceCommand inference -> StreamId.inference("default");
            case SettingsCommand settings -> StreamId.settings();
            case ProviderCommand provider -> StreamId.provider("default", "work");
            case SandboxCommand sandbox -> StreamId.sandbox("default", "demo");
            case StreamCommand any -> StreamId.sandbox("default", "demo");
        };
        return new CommandEnvelope(stream, command instanceof StreamCommand ? CALL : CONTEXT, command);
    }
}
