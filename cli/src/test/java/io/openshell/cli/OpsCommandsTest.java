package io.openshell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.cli.CliRun.Outcome;
import io.openshell.cli.StandInGateway.Reply;
import io.openshell.cli.json.JsonText;
import io.openshell.wire.control.v1.CheckTopicsRequest;
import io.openshell.wire.control.v1.CheckTopicsResponse;
import io.openshell.wire.control.v1.GetLogStatusResponse;
import io.openshell.wire.control.v1.ListNodesResponse;
import io.openshell.wire.control.v1.LogTopic;
import io.openshell.wire.control.v1.Node;
import io.openshell.wire.control.v1.PoisonedStream;
import io.openshell.wire.control.v1.TopicSetting;
import io.openshell.wire.v1.HealthResponse;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpsCommandsTest {
    private static final LogTopic GOOD = LogTopic.newBuilder().setName("openshell.events").setPresent(true)
            .addSettings(TopicSetting.newBuilder().setName("replication").setExpected("3").setActual("3").setFits(true)).build();

    @TempDir
    Path folder;

    private CliRun cli;
    private StandInGateway gateway;

    @BeforeEach
    void prepare() throws IOException {
        cli = new CliRun(folder);
        Files.createDirectories(cli.socket().getParent());
        gateway = new StandInGateway(UnixDomainSocketAddress.of(cli.socket()));
    }

    @AfterEach
    void stop() throws IOException {
        gateway.close();
    }

    @Test
    void topicsSucceedsOnlyWhenAllAreAsTheyShouldBe() {
        gateway.on("CheckTopics", Reply.of(CheckTopicsResponse.newBuilder().addTopics(GOOD).setBrokers(3).build()));
        Outcome good = cli.run("ops", "topics");
        assertThat(good.exitCode()).as(good.err()).isZero();
        assertThat(good.out()).contains("openshell.events", "replication");

        gateway.on("CheckTopics", Reply.of(CheckTopicsResponse.newBuilder().addTopics(GOOD)
                .addTopics(LogTopic.newBuilder().setName("openshell.commands").setPresent(true).addSettings(TopicSetting.newBuilder()
                        .setName("retention.ms").setExpected("-1").setActual("604800000"))).build()));
        Outcome differs = cli.run("ops", "topics");
        assertThat(differs.exitCode()).isEqualTo(1);
        assertThat(differs.out().lines().filter(line -> line.contains("differs"))).singleElement().asString()
                .contains("openshell.commands", "retention.ms", "-1", "604800000");
        assertThat(differs.err()).contains("1 of 2 topics");
    }

    @Test
    void missingTopicsAreCreatedOnlyWhenAskedFor() {
        AtomicBoolean created = new AtomicBoolean();
        LogTopic missing = LogTopic.newBuilder().setName("openshell.events").build();
        gateway.on("CheckTopics", request -> {
            created.set(parse(request).getCreateMissing());
            return Reply.of(CheckTopicsResponse.newBuilder().addTopics(created.get() ? GOOD : missing).build());
        });
        Outcome asked = cli.run("ops", "topics");
        assertThat(asked.exitCode()).isEqualTo(1);
        assertThat(asked.out()).contains("missing; --fix-missing");
        assertThat(created).isFalse();
        assertThat(cli.run("ops", "topics", "--fix-missing").exitCode()).isZero();
        assertThat(created).isTrue();
    }

    private static CheckTopicsRequest parse(byte[] request) {
        try {
            return CheckTopicsRequest.parseFrom(request);
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void nodesAreListedAndShownAlsoAsOfThen() {
        gateway.on("ListNodes", Reply.of(ListNodesResponse.newBuilder()
                .addNodes(Node.newBuilder().setId("n1").setState("Ready").setHostname("h1").setLeaseMs(20_000))
                .addNodes(Node.newBuilder().setId("n2").setState("Lost").setHostname("h2").setNote("no sign of life for 21 s")).build()));
        assertThat(cli.run("node", "list").out()).contains("n1", "Ready", "n2", "Lost", "no sign of life for 21 s");
        assertThat(cli.run("node", "get", "n2").out()).contains("Lost", "no sign of life").doesNotContain("n1");
        assertThat(JsonText.parse(cli.run("node", "get", "n1", "-o", "json").out())).asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("id", "n1").containsEntry("lease_ms", 20_000L);
        assertThat(cli.run("node", "list", "--as-of", "2026-01-31T12:00:00Z").exitCode()).isZero();
        assertThat(gateway.heads().getLast()).contains("openshell-as-of: 2026-01-31T12:00:00Z");
        Outcome unknown = cli.run("node", "get", "n3");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.err()).contains("no node is named 'n3'");
    }

    @Test
    void statusTellsStreamsOfANewerReleaseFromPoisonedOnes() {
        gateway.on("Health", Reply.of(HealthResponse.newBuilder().setVersion("9").build()));
        gateway.on("GetLogStatus", Reply.of(GetLogStatusResponse.newBuilder().setLogAnswers(true)
                .setWritesRefused("a partition of the log has no leader, or too few brokers hold it")
                .addPoisoned(PoisonedStream.newBuilder().setStream("sandbox/default/bad").setVersion(3))
                .addPoisoned(PoisonedStream.newBuilder().setStream("sandbox/default/ahead").setVersion(4).setNewer(true)).build()));
        assertThat(cli.run("status").out().lines().map(String::strip))
                .anyMatch(line -> line.startsWith("Poisoned:") && line.contains("bad") && !line.contains("ahead"))
                .anyMatch(line -> line.startsWith("Newer:") && line.contains("ahead") && line.contains("upgrade"))
                .anyMatch(line -> line.startsWith("Commands:") && line.contains("no leader"));
        assertThat(JsonText.parse(cli.run("status", "-o", "json").out())).asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("newer_streams", List.of("sandbox/default/ahead"))
                .containsEntry("poisoned_streams", List.of("sandbox/default/bad"));
    }
}
