package io.openshell.ops.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.log.kafka.EventsTopic;
import io.openshell.log.kafka.KafkaCommandLog;
import io.openshell.log.kafka.KafkaSettings;
import io.openshell.log.kafka.KafkaStreamReader;
import io.openshell.log.kafka.Topics;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** A cluster that the product did not start: a broker in a container, from an image built out of the jars this build has anyway. */
class ExternalKafkaIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration BUILD_LIMIT = Duration.ofMinutes(3);

    @Test
    void aBrokerOfSomebodyElseTakesTheTopicsAndACommand() throws Exception {
        String engine = System.getenv().getOrDefault("OPENSHELL_TEST_DOCKER", "");
        Assumptions.assumeTrue(!engine.isEmpty() && engine.equals(System.getenv("DOCKER_HOST")),
                "needs the container engine of ops/docker-test-engine.sh and the variables it prints");
        buildImage(Path.of(URI.create(engine).getPath()).getParent());
        try (KafkaContainer kafka = new KafkaContainer(DockerImageName.parse("local/kafka:1").asCompatibleSubstituteFor("apache/kafka"))) {
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

    private static void buildImage(Path engineFolder) throws IOException, InterruptedException {
        Process build = new ProcessBuilder(Path.of("docker-test-engine.sh").toAbsolutePath().toString(), "kafka", engineFolder.toString(),
                System.getProperty("java.home"), System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")))
                .inheritIO().start();
        if (!build.waitFor(BUILD_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            build.destroyForcibly();
            throw new AssertionError("the image was not built within " + BUILD_LIMIT);
        }
        assertThat(build.exitValue()).as("exit status of the image's build").isZero();
    }
}
