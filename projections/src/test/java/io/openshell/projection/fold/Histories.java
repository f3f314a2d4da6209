package io.openshell.projection.fold;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.openshell.log.Entry;
import io.openshell.log.LogRecord;
import io.openshell.log.Position;
import io.openshell.model.Actor;
import io.openshell.model.Command;
import io.openshell.model.CommandEnvelope;
import io.openshell.model.CommandRejected;
import io.openshell.model.Event;
import io.openshell.model.EventEnvelope;
import io.openshell.model.Rejection;
import io.openshell.model.RejectionCode;
import io.openshell.model.StreamCommand;
import io.openshell.model.StreamId;
import io.openshell.model.isolation.LayerKind;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.node.NodeCommand;
import io.openshell.model.node.NodeDescription;
import io.openshell.model.policy.BuiltInPolicies;
import io.openshell.model.sandbox.Drafts;
import io.openshell.model.sandbox.Enforcement;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.sandbox.SandboxRequest;
import io.openshell.model.sandbox.Session;
import io.openshell.wire.events.CommandCodec;
import io.openshell.wire.events.EventCodec;
import io.openshell.wire.events.v1.EventRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Writes the small histories of the corpus, as a gateway of this release writes them. Only for adding a history: those that
 * are in the corpus are files, and stay what they are whatever this class would write today.
 */
final class Histories {
    private static final StreamId DEMO = StreamId.sandbox("default", "demo");
    private static final StreamId HOST = StreamId.node("host-1");
    private static final NodeDescription DESCRIPTION =
            new NodeDescription("host", List.of("linux"), List.of("landlock: abi 4"), "");

    private final List<LogRecord> records = new ArrayList<>();
    private final EventFold fold = new EventFold();
    private final CommandDecisions decisions = new CommandDecisions(fold, (partition, offset) -> true);
    private int commands;

    private Histories() {}

    /** Every history by name, in the order they came in. */
    static Map<String, List<LogRecord>> all() {
        Map<String, Consumer<Histories>> scripts = new LinkedHashMap<>();
        scripts.put("life", Histories::life);
        scripts.put("refused-to-start", Histories::refusedToStart);
        scripts.put("refusals", Histories::refusals);
        scripts.put("restarts", Histories::restarts);
        scripts.put("proposals", Histories::proposals);
        scripts.put("policies", Histories::policies);
        scripts.put("name-used-again", Histories::nameUsedAgain);
        scripts.put("nodes", Histories::nodes);
        scripts.put("first-release", Histories::firstRelease);
        scripts.put("skipped-record", Histories::skippedRecord);
        scripts.put("newer-version", history -> history.ofNewerRelease(event -> event.setSchemaVersion(9)));
        scripts.put("newer-type", history -> history.ofNewerRelease(event -> event.getSandboxBuilder().clearBody()
                .setUnknownFields(UnknownFieldSet.newBuilder().addField(99, UnknownFieldSet.Field.newBuilder()
                        .addLengthDelimited(ByteString.EMPTY).build()).build())));
        Map<String, List<LogRecord>> histories = new LinkedHashMap<>();
        scripts.forEach((name, script) -> {
            Histories history = new Histories();
            script.accept(history);
            histories.put(name, List.copyOf(history.records));
        });
        return histories;
    }

    private void life() {
        create("id-1");
        agent(up(1, 1));
        user(new SandboxCommand.SetPolicy(BuiltInPolicies.community(), Map.of("by", "ada"), 1));
        agent(new SandboxCommand.ReportPolicyLoaded(2, 2));
        user(new SandboxCommand.OpenSession(new Session("x1", Session.Kind.EXEC, List.of("id"), false, "unix:/s")));
        agent(new SandboxCommand.ReportSessionClosed("x1", 0));
        user(new SandboxCommand.Stop());
        agent(new SandboxCommand.ReportStopped(1));
        user(new SandboxCommand.Start(Optional.of(TestCommands.NODE)));
        agent(up(2, 2));
        agent(new SandboxCommand.ReportMainExited(2, "i-2", 3));
        user(new SandboxCommand.Delete());
        agent(new SandboxCommand.ReportRemoved("id-1"));
    }

    private void refusedToStart() {
        create("id-1");
        agent(new SandboxCommand.ReportRefused(
                1, List.of(new LayerReport.Absent(LayerKind.LANDLOCK, "kernel 5.4")), "LandlockAbsent", "the kernel is too old"));
    }

    private void refusals() {
        user(new SandboxCommand.Stop());
        create("id-1");
        create("id-2");
        user(new SandboxCommand.Start(Optional.of(TestCommands.NODE)));
        user(new SandboxCommand.SetPolicy(BuiltInPolicies.community(), Map.of(), 7));
        agent(new SandboxCommand.ReportStopped(9));
        user(new StreamCommand.RecordRefusals(
                "Stop", new Rejection(RejectionCode.SANDBOX_NOT_STOPPABLE, "it is not running"), 40));
        user(new SandboxCommand.Delete());
        user(new SandboxCommand.Delete());
    }

    private void restarts() {
        create("id-1");
        agent(up(1, 1));
        agent(new SandboxCommand.ReportInterrupted(1, "its agent was started again"));
        agent(up(1, 1));
        agent(new SandboxCommand.ReportMainExited(1, "i-1", 137));
        user(new SandboxCommand.Stop());
        user(new SandboxCommand.Start(Optional.of(TestCommands.NODE)));
        agent(up(2, 1));
    }

    private void proposals() {
        create("id-1");
        agent(up(1, 1));
        user(new SandboxCommand.DecideDraft("d1", Drafts.Verdict.APPROVED, "asked for",
                Optional.of(new SandboxCommand.SetPolicy(BuiltInPolicies.community(), Map.of("draft", "d1"), 1))));
        agent(new SandboxCommand.ReportPolicyLoaded(2, 2));
        user(new SandboxCommand.DecideDraft("d2", Drafts.Verdict.REJECTED, "not wanted", Optional.empty()));
        user(new SandboxCommand.DecideDraft("d1", Drafts.Verdict.UNDONE, "",
                Optional.of(new SandboxCommand.SetPolicy(BuiltInPolicies.restrictive(), Map.of("undo", "d1"), 2))));
        user(new SandboxCommand.DecideDraft("d2", Drafts.Verdict.CLEARED, "", Optional.empty()));
    }

    private void policies() {
        create("id-1");
        agent(up(1, 1));
        user(new SandboxCommand.SetPolicy(BuiltInPolicies.community(), Map.of(), 0));
        user(new SandboxCommand.SetPolicy(BuiltInPolicies.restrictive(), Map.of(), 2));
        agent(new SandboxCommand.ReportPolicyFailed(2, "cannot resolve a.example.com"));
        agent(new SandboxCommand.ReportPolicyLoaded(3, 3));
        agent(new SandboxCommand.ReportPolicyLoaded(2, 4));
        user(new SandboxCommand.SetPolicy(BuiltInPolicies.restrictive(), Map.of(), 3));
    }

    private void nameUsedAgain() {
        create("id-1");
        agent(up(1, 1));
        user(new SandboxCommand.Delete());
        agent(new SandboxCommand.ReportRemoved("id-1"));
        create("id-2");
        agent(up(1, 1));
        agent(up(2, 1));
    }

    private void nodes() {
        Actor agent = new Actor(Actor.Kind.NODE, "host-1", "internal");
        Actor gateway = new Actor(Actor.Kind.GATEWAY, "g1", "internal");
        say(HOST, agent, new NodeCommand.Register(DESCRIPTION, "a1"));
        say(HOST, agent, new NodeCommand.Retire("a1", "its agent has ended"));
        say(HOST, agent, new NodeCommand.Register(DESCRIPTION, "a2", Duration.ofSeconds(20)));
        say(HOST, gateway, new NodeCommand.ReportLost("a1", "late"));
        say(HOST, gateway, new NodeCommand.ReportLost("a2", "no sign of life for 21 s"));
        say(HOST, gateway, new NodeCommand.ReportReturned("a2"));
        say(HOST, gateway, new NodeCommand.ReportLost("a2", "no sign of life for 30 s"));
    }

    /** As the first release wrote: no digests of requests, and refusals without a count. */
    private void firstRelease() {
        Written written = new Written(DEMO);
        written.command("c1", Aggregated.created(DEMO, "id-1"));
        written.command("c2", new CommandRejected(
                "Create", new Rejection(RejectionCode.SANDBOX_NAME_TAKEN, "there is a sandbox of this name")));
        // Counted, but still in the first version: so it was written before the count had a version of its own.
        written.command("c3", new CommandRejected(
                "Create", new Rejection(RejectionCode.SANDBOX_NAME_TAKEN, "there is a sandbox of this name"), 40));
        records.addAll(written.records());
    }

    private void skippedRecord() {
        create("id-1");
        add(DEMO.toString(), new byte[] {1, 2, 3});
        user(new StreamCommand.SkipEvent(fold.poison().getFirst().version()));
        agent(up(1, 1));
    }

    /** The next event of the stream, as a later release could write it. */
    private void ofNewerRelease(Consumer<EventRecord.Builder> change) {
        create("id-1");
        agent(up(1, 1));
        byte[] last = records.getLast().value();
        try {
            EventRecord.Builder next = EventRecord.parseFrom(last).toBuilder();
            next.setVersion(next.getVersion() + 1).setEventId(next.getStream() + "@" + next.getVersion())
                    .setPreviousHash(ByteString.fromHex(EventCodec.hash(last)));
            change.accept(next);
            add(DEMO.toString(), next.build().toByteArray());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
        add("sandbox/default/other", Aggregated.record(StreamId.sandbox("default", "other")));
    }

    private static SandboxCommand.ReportEnforced up(long epoch, int policy) {
        return new SandboxCommand.ReportEnforced(new Enforcement(epoch, "i-" + epoch,
                List.of(new LayerReport.Enforced(LayerKind.SECCOMP, "filter 3f2a")), Map.of("Seccomp", "2"), policy), policy);
    }

    private void create(String id) {
        user(Aggregated.create(DEMO, id));
    }

    private void user(Command command) {
        say(DEMO, new Actor(Actor.Kind.USER, "ada", "unix-socket"), command);
    }

    private void agent(Command command) {
        say(DEMO, new Actor(Actor.Kind.NODE, TestCommands.NODE, "node-key"), command);
    }

    private void say(StreamId stream, Actor actor, Command command) {
        commands++;
        byte[] bytes = CommandCodec.encode(new CommandEnvelope(stream, TestCommands.context("c" + commands, actor), command));
        List<Entry> events = decisions.decide(
                new LogRecord(new Position(0, commands), Instant.EPOCH, stream.toString(), bytes)).events();
        decisions.committed();
        if (events.isEmpty()) {
            throw new IllegalStateException("nothing was decided about " + command);
        }
        events.forEach(each -> add(each.stream(), each.event()));
    }

    private void add(String stream, byte[] event) {
        LogRecord record = new LogRecord(
                new Position(0, records.size()), Instant.ofEpochSecond(1_700_000_000L + records.size()), stream, event);
        records.add(record);
        fold.onRecords(List.of(record));
    }

    /** Parts that do not change from run to run. */
    private static final class Aggregated {
        static SandboxCommand.Create create(StreamId stream, String id) {
            String[] path = stream.path().split("/");
            SandboxRequest request = new SandboxRequest(id, path[1], path[0], Map.of("team", "blue"), Map.of("note", "first"),
                    new SandboxRequest.Launch(List.of("sleep", "600"), false, Map.of("LANG", "C"), ""));
            return new SandboxCommand.Create(request, BuiltInPolicies.restrictive(), Optional.of(TestCommands.NODE));
        }

        static Event[] created(StreamId stream, String id) {
            return io.openshell.model.Aggregates.decide(create(stream, id),
                    io.openshell.model.Aggregates.initial(stream.kind()), TestCommands.context("c")).toArray(Event[]::new);
        }

        static byte[] record(StreamId stream) {
            return EventCodec.encode(new EventEnvelope(stream + "@1", stream, 1, TestCommands.context("o1"), 1, 0, "",
                    created(stream, "id-o")[0]));
        }
    }
}
