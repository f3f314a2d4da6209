package io.openshell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import io.openshell.cli.CliRun.Outcome;
import io.openshell.cli.StandInGateway.Reply;
import io.openshell.cli.json.JsonText;
import io.openshell.model.Actor;
import io.openshell.model.CommandId;
import io.openshell.model.Context;
import io.openshell.model.Event;
import io.openshell.model.EventEnvelope;
import io.openshell.model.StreamId;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.model.sandbox.SandboxRequest;
import io.openshell.wire.control.v1.DiffSandboxRequest;
import io.openshell.wire.control.v1.DiffSandboxResponse;
import io.openshell.wire.control.v1.EventActor;
import io.openshell.wire.control.v1.FactChange;
import io.openshell.wire.control.v1.HistoryEntry;
import io.openshell.wire.control.v1.Node;
import io.openshell.wire.control.v1.PointDescription;
import io.openshell.wire.control.v1.RebuildProgress;
import io.openshell.wire.control.v1.ReplayActivity;
import io.openshell.wire.control.v1.ReplayEvent;
import io.openshell.wire.control.v1.ReplayHeader;
import io.openshell.wire.control.v1.ReplayRecord;
import io.openshell.wire.control.v1.SearchHistoryAnswer;
import io.openshell.wire.control.v1.SearchHistoryRequest;
import io.openshell.wire.control.v1.VerifyProgress;
import io.openshell.wire.events.EventCodec;
import io.openshell.wire.events.v1.ActivityRecord;
import io.openshell.wire.v1.ListSandboxesResponse;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimeCommandsTest {
    private static final String NOON = "2026-01-31T12:00:00Z";
    private static final StreamId STREAM = StreamId.sandbox("default", "demo");

    @TempDir
    Path folder;

    private CliRun cli;
    private StandInGateway gateway;

    @BeforeEach
    void prepare() throws IOException {
        cli = new CliRun(folder);
        Files.createDirectories(cli.socket().getParent());
        gateway = new StandInGateway(UnixDomainSocketAddress.of(cli.socket()));
        gateway.on("ListSandboxes", Reply.of(ListSandboxesResponse.getDefaultInstance()));
    }

    @AfterEach
    void stop() throws IOException {
        gateway.close();
    }

    private String askedFor(String point) {
        assertThat(cli.run("sandbox", "list", "--as-of", point).exitCode()).isZero();
        String head = gateway.heads().get(gateway.heads().size() - 1);
        return head.lines().filter(line -> line.startsWith("openshell-as-of: ")).findFirst().orElseThrow().substring("openshell-as-of: ".length());
    }

    @Test
    void aPointTravelsBesideTheRequest() {
        assertThat(askedFor(NOON)).isEqualTo(NOON);
        assertThat(askedFor("2026-01-31T13:00:00+01:00")).isEqualTo(NOON);
        assertThat(askedFor("2026-01-31 12:00:00")).as("UTC without an offset, as in all output").isEqualTo(NOON);
        assertThat(askedFor("3:17")).isEqualTo("3:17");
        assertThat(askedFor("sandbox/default/demo@4")).isEqualTo("sandbox/default/demo@4");
        assertThat(Duration.between(Instant.parse(askedFor("10m")), Instant.now())).isBetween(
                Duration.ofMinutes(10), Duration.ofMinutes(11));
        assertThat(cli.run("sandbox", "list").exitCode()).isZero();
        assertThat(gateway.heads().get(gateway.heads().size() - 1)).doesNotContain("openshell-as-of");
    }

    @Test
    void aPointThatIsNoneIsAUsageErrorAndNothingIsAsked() {
        for (String point : List.of("yesterday", "2026-13-01T00:00:00Z", "1:", "x\r\nevil: 1", "")) {
            Outcome outcome = cli.run("policy", "get", "demo", "--as-of", point);
            assertThat(outcome.exitCode()).as(point).isEqualTo(2);
            assertThat(outcome.err()).contains("is no point of the log");
        }
        assertThat(gateway.calls()).isEmpty();
    }

    @Test
    void statusOfThePastShowsNodesAndPhases() {
        gateway.on("DescribePoint", Reply.of(PointDescription.newBuilder().putSandboxes("Ready", 2)
                .addNodes(Node.newBuilder().setId("local").setState("Ready").setHostname("host")).build()));
        assertThat(cli.run("status", "--as-of", NOON).out()).contains("Node local:", "Ready on host", "2 sandboxes");
        assertThat(JsonText.parse(cli.run("status", "--as-of", NOON, "-o", "json").out())).asInstanceOf(
                org.assertj.core.api.InstanceOfAssertFactories.MAP).containsEntry("sandboxes", Map.of("Ready", 2L));
    }

    @Test
    void filtersOfTheHistoryGoToTheGateway() throws InvalidProtocolBufferException {
        AtomicReference<byte[]> asked = new AtomicReference<>();
        gateway.on("SearchHistory", request -> {
            asked.set(request);
            return Reply.of(SearchHistoryAnswer.newBuilder().setEntry(entry()).build(),
                    SearchHistoryAnswer.newBuilder().setNextPageToken("1.2.3").build());
        });
        Outcome outcome = cli.run("history", "--all-sandboxes", "--since", NOON, "--until", "2026-01-31T13:00:00Z", "--actor", "ada",
                "--type", "SandboxReady,SandboxStopped", "--correlation", "r1", "--limit", "1", "--page", "0.0.0");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).contains("sandbox/default/demo", "SandboxReady", "(ada)");
        assertThat(outcome.err()).contains("--page 1.2.3");
        assertThat(SearchHistoryRequest.parseFrom(asked.get())).isEqualTo(SearchHistoryRequest.newBuilder().setAllSandboxes(true)
                .setSince(Timestamp.newBuilder().setSeconds(Instant.parse(NOON).getEpochSecond()))
                .setUntil(Timestamp.newBuilder().setSeconds(Instant.parse(NOON).getEpochSecond() + 3_600))
                .setActor("ada").addTypes("SandboxReady").addTypes("SandboxStopped").setCorrelationId("r1").setLimit(1)
                .setPageToken("0.0.0").build());
    }

    @Test
    void theHistoryAsJsonHasBothTimes() {
        gateway.on("SearchHistory", Reply.of(SearchHistoryAnswer.newBuilder().setEntry(entry()).build()));
        Outcome outcome = cli.run("history", "demo", "--limit", "5", "-o", "json");
        assertThat(outcome.out()).contains("\"time\": \"1970-01-01T00:00:01Z\"", "\"log_time\": \"1970-01-01T00:00:02Z\"");
    }

    @Test
    void flagsOfTheHistoryThatContradictEachOtherAreUsageErrors() {
        assertThat(cli.run("history", "demo", "--all-sandboxes").exitCode()).isEqualTo(2);
        assertThat(cli.run("history", "demo", "--follow", "-o", "json").exitCode()).isEqualTo(2);
        assertThat(cli.run("history", "demo", "--since", "soon").exitCode()).isEqualTo(2);
        assertThat(cli.run("history", "demo", "--limit", "-1").exitCode()).isEqualTo(2);
        assertThat(gateway.calls()).isEmpty();
    }

    private static HistoryEntry entry() {
        return HistoryEntry.newBuilder().setEventId("sandbox/default/demo@5").setStream("sandbox/default/demo").setVersion(5)
                .setType("SandboxReady").setSummary("ready").setTime(Timestamp.newBuilder().setSeconds(1))
                .setLogTime(Timestamp.newBuilder().setSeconds(2)).setActor(EventActor.newBuilder().setSubject("ada")).build();
    }

    @Test
    void aDifferenceShowsWhatCameWentAndChanged() throws InvalidProtocolBufferException {
        AtomicReference<byte[]> asked = new AtomicReference<>();
        gateway.on("DiffSandbox", request -> {
            asked.set(request);
            return Reply.of(DiffSandboxResponse.newBuilder()
                    .addChanges(FactChange.newBuilder().setPath("phase").setBefore("Ready").setAfter("Stopped"))
                    .addChanges(FactChange.newBuilder().setPath("policy.network.a").setAfter(""))
                    .addChanges(FactChange.newBuilder().setPath("label.team").setBefore("blue")).build());
        });
        Outcome outcome = cli.run("history", "diff", "demo", NOON, "sandbox/default/demo@9");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).isEqualTo("~ phase: Ready → Stopped\n+ policy.network.a\n- label.team: blue\n");
        assertThat(DiffSandboxRequest.parseFrom(asked.get())).isEqualTo(DiffSandboxRequest.newBuilder().setWorkspace("default")
                .setName("demo").setFrom(NOON).setTo("sandbox/default/demo@9").build());
        assertThat(cli.run("history", "diff", "demo", NOON, NOON, "-o", "json").out())
                .contains("\"kind\": \"changed\"", "\"kind\": \"added\"", "\"kind\": \"removed\"", "\"before\": null");
        gateway.on("DiffSandbox", Reply.of(DiffSandboxResponse.getDefaultInstance()));
        assertThat(cli.run("history", "diff", "demo", NOON, NOON).out()).isEqualTo("No difference.\n");
    }

    private static ReplayRecord[] incident() {
        SandboxRequest request = new SandboxRequest("id", "demo", "default", Map.of(), Map.of(),
                new SandboxRequest.Launch(List.of("sh"), false, Map.of("TOKEN", "***"), ""));
        List<ReplayRecord> records = new ArrayList<>();
        records.add(ReplayRecord.newBuilder().setHeader(ReplayHeader.newBuilder().setFormatVersion(1).addStreams(STREAM.toString())
                .setGatewayVersion("0.1.0")).build());
        String hash = "";
        for (Event event : List.of(new SandboxEvent.SandboxRequested(request), new SandboxEvent.SandboxAssigned("local", 1))) {
            long version = records.size();
            byte[] bytes = EventCodec.encode(new EventEnvelope(STREAM + "@" + version, STREAM, version,
                    new Context(new CommandId("c"), "r", "", new Actor(Actor.Kind.USER, "ada", "mtls"), "", "gateway:g", Instant.EPOCH),
                    EventCodec.SCHEMA_VERSION, 0, hash, event));
            hash = EventCodec.hash(bytes);
            records.add(ReplayRecord.newBuilder().setEvent(ReplayEvent.newBuilder().setEvent(ByteString.copyFrom(bytes)).setHash(hash)
                    .setLogTime(Timestamp.newBuilder().setSeconds(10 * version))).build());
        }
        records.add(ReplayRecord.newBuilder().setActivity(ReplayActivity.newBuilder().setLogTime(Timestamp.newBuilder().setSeconds(15))
                .setActivity(ActivityRecord.newBuilder().setLevel("INFO").setTarget("proxy").setMessage("CONNECT x\u001b[31m").build()
                        .toByteString())).build());
        return records.toArray(ReplayRecord[]::new);
    }

    private Path exported() {
        Path file = folder.resolve("demo.replay");
        gateway.on("ExportReplay", Reply.of(incident()));
        Outcome outcome = cli.run("replay", "export", "demo", "--out", file.toString());
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.err()).contains("2 events and 1 log lines");
        return file;
    }

    @Test
    void anIncidentFileIsSteppedThroughAndVerifiedWithoutTheGateway() throws IOException {
        String file = exported().toString();
        gateway.close();
        Outcome shown = cli.run("replay", "show", file, "--lines");
        assertThat(shown.exitCode()).isZero();
        assertThat(shown.out()).containsSubsequence("1  1970-01-01T00:00:10Z", "SandboxRequested", "~ phase: None → Provisioning",
                "| INFO proxy CONNECT x [31m", "2  1970-01-01T00:00:20Z", "SandboxAssigned", "+ node: local");
        Outcome one = cli.run("replay", "show", file, "--event", "2");
        assertThat(one.out()).contains("SandboxAssigned", "State after it:", "phase: Provisioning").doesNotContain("SandboxRequested");
        assertThat(cli.run("replay", "show", file, "--event", "3").exitCode()).isEqualTo(2);
        assertThat(JsonText.parse(cli.run("replay", "show", file, "-o", "json").out())).asInstanceOf(
                org.assertj.core.api.InstanceOfAssertFactories.LIST).hasSize(2);
        assertThat(cli.run("replay", "verify", file).out()).contains("all 2 events fold; 1 log lines");
    }

    @Test
    void aFileThatWasChangedIsRefused() throws IOException {
        Path file = exported();
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        for (String command : List.of("show", "verify")) {
            Outcome outcome = cli.run("replay", command, file.toString());
            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.err()).contains("cannot be used");
        }
    }

    @Test
    void aFileThatExistsIsNotOverwrittenAndAFailedExportLeavesNone() throws IOException {
        Path file = exported();
        assertThat(cli.run("replay", "export", "demo", "--out", file.toString()).exitCode()).isEqualTo(1);
        assertThat(cli.run("replay", "export", "demo", "--force", "--out", file.toString()).exitCode()).isZero();
        gateway.on("ExportReplay", Reply.refusal(5, "nothing there"));
        Path none = folder.resolve("none.replay");
        assertThat(cli.run("replay", "export", "demo", "--out", none.toString()).exitCode()).isEqualTo(1);
        assertThat(none).doesNotExist();
        try (var files = Files.list(folder)) {
            assertThat(files.map(each -> each.getFileName().toString())).noneMatch(name -> name.endsWith(".part"));
        }
    }

    @Test
    void theExitStatusOfALiveCheckTellsWhetherTheViewsAreEqual() {
        gateway.on("VerifyViews", Reply.of(VerifyProgress.newBuilder().setEvents(5_000).build(),
                VerifyProgress.newBuilder().setEvents(9_000).setDone(true).addEqual("sandboxes and nodes: 3 streams").build()));
        Outcome equal = cli.run("replay", "verify", "--live");
        assertThat(equal.exitCode()).isZero();
        assertThat(equal.out()).contains("3 streams", "9000 events");
        gateway.on("VerifyViews", Reply.of(VerifyProgress.newBuilder().setDone(true).setDivergence("sandbox/default/demo at 3").build()));
        assertThat(cli.run("replay", "verify", "--live")).satisfies(outcome -> {
            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.err()).contains("sandbox/default/demo at 3");
        });
        gateway.on("VerifyViews", Reply.of(VerifyProgress.newBuilder().setEvents(5_000).build()));
        assertThat(cli.run("replay", "verify", "--live").exitCode()).isEqualTo(1);
        assertThat(cli.run("replay", "verify").exitCode()).isEqualTo(2);
    }

    @Test
    void aRebuildShowsHowFarItIs() {
        gateway.on("RebuildHistory", Reply.of(RebuildProgress.newBuilder().setDone(1).setTotal(2).build(),
                RebuildProgress.newBuilder().setDone(2).setTotal(2).build()));
        Outcome outcome = cli.run("ops", "rebuild");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.err()).contains("50%", "100%");
    }
}
