package io.openshell.ops.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.log.kafka.EventsTopic;
import io.openshell.log.kafka.KafkaCommandLog;
import io.openshell.log.kafka.KafkaSettings;
import io.openshell.log.kafka.KafkaStreamReader;
import io.openshell.log.kafka.Topics;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

class ExternalKafkaIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Test
    void aBrokerOfSomebodyElseTakesTheTopicsAndACommand() throws Exception {
        Assumptions.assumeTrue(DockerClientFactory.instance().isDockerAvailable(), "needs a container engine: none answers here");
        try (KafkaContainer kafka = new KafkaContainer("apache/kafka:4.0.0")) {
            kafka.start();
            KafkaSettings settings = KafkaSettings.open(kafka.getBootstrapServers(), (short) 1);
            Topics topics = new Topics(settings, LIMIT);
            assertThat(topics.copies()).isEqualTo((short) 1);
            assertThat(topics.ensure()).isEmpty();
            assertThat(EventsTopic.of(settings).ends()).hasSize(Topics.PARTITIONS);
            try (KafkaCommandLog commands = KafkaCommandLog.open(settings)) {
                commands.append("node/n", new byte[] {1}).toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            }
            assertThat(new KafkaStreamReader(settings, 10).read(Topics.COMMANDS, "node/n", LIMIT)).hasSize(1);
        }
    }
}
