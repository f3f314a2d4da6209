package io.openshell.ops.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.cli.client.OpsRpc;
import io.openshell.wire.control.v1.CheckTopicsRequest;
import io.openshell.wire.control.v1.CheckTopicsResponse;
import io.openshell.wire.control.v1.LogTopic;
import io.openshell.wire.control.v1.TopicSetting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three real brokers, each a process. */
class ThreeBrokersIT {

    @TempDir
    Path home;

    @Test
    void commandsGoOnWhileOneOfThreeBrokersIsKilledAtATime() {
        Drill.Result result = Drill.run(new Drill.Plan(
                Drill.Disturbance.ONE_BROKER_OF_THREE, 2, 6, Duration.ofSeconds(12), 3), home);

        System.out.print(result.text());
        assertThat(result.problems()).isEmpty();
        assertThat(result.givenUp()).isZero();
        assertThat(result.accepted()).isPositive();
        assertThat(result.brokerEnds()).isPositive();
        assertThat(result.slowestMs()).as("asked again or not, every command was answered within this").isLessThan(30_000);
    }

    @Test
    void everyTopicHasThreeCopiesAndMissingOnesAreMadeOnDemand() throws Exception {
        try (Fleet fleet = new Fleet(home, 1, new ThreeBrokers(home))) {
            fleet.start();
            CheckTopicsResponse found = check(fleet, false);
            assertThat(found.getBrokers()).isEqualTo(3);
            assertThat(found.getTopicsList()).extracting(LogTopic::getName).containsExactlyInAnyOrder(
                    "openshell.commands", "openshell.events", "openshell.nodes", "openshell.activity", "openshell.vault");
            assertThat(found.getTopicsList()).allSatisfy(topic -> {
                assertThat(topic.getPresent()).isTrue();
                assertThat(setting(topic, "replication")).isEqualTo("3");
                assertThat(setting(topic, "min.insync.replicas")).isEqualTo("2");
                assertThat(topic.getSettingsList()).allMatch(TopicSetting::getFits);
            });
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", fleet.log().bootstrap()))) {
                admin.deleteTopics(List.of("openshell.activity")).all().get(20, TimeUnit.SECONDS);
            }
            Waiting.until("the topic is gone", Duration.ofSeconds(20),
                    () -> check(fleet, false).getTopicsList().stream().anyMatch(topic -> !topic.getPresent()));
            assertThat(check(fleet, true).getTopicsList()).allMatch(LogTopic::getPresent);
        }
    }

    private static CheckTopicsResponse check(Fleet fleet, boolean create) {
        return fleet.client(0, Map.of()).call(OpsRpc.TOPICS, CheckTopicsRequest.newBuilder().setCreateMissing(create).build());
    }

    private static String setting(LogTopic topic, String name) {
        return topic.getSettingsList().stream().filter(each -> each.getName().equals(name)).findFirst().orElseThrow().getActual();
    }
}
