package io.openshell.log.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Deciding in two processes, one of which is killed or frozen for good reason. */
class TakeOverTest {
    private final DecidingTest here = new DecidingTest();
    private final List<String> said = new CopyOnWriteArrayList<>();
    private Process other;
    private KafkaDeciderLoop loop;

    @BeforeEach
    void shareTheGroup() throws IOException {
        here.follow();
        loop = here.decide("here", new EchoPort(here.fold));
        other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                        OtherDecider.class.getName(), here.settings.bootstrap())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var input = other.outputWriter();
        for (var each : here.settings.security().entrySet()) {
            input.write(each.getKey() + "=" + each.getValue() + "\n");
        }
        input.write("\n");
        input.flush();
        Thread.ofVirtual().start(() -> other.inputReader().lines().forEach(said::add));
        Await.until("half here, half there", DecidingTest.LIMIT, () -> said.contains("owns 4") && loop.status().deciding().size() == 4);
    }

    @AfterEach
    void close() throws Exception {
        other.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        here.close();
    }

    @Test
    void aKilledProcessIsReplacedAndEveryCommandHasOneEvent() {
        List<String> streams = IntStream.range(0, Topics.PARTITIONS).mapToObj(here::streamIn).toList();
        List<String> sent = IntStream.range(0, 200).mapToObj(Integer::toString).toList();
        sent.subList(0, 100).forEach(text -> streams.forEach(s -> here.append(s, text)));
        other.destroyForcibly();
        long killed = System.nanoTime();
        sent.subList(100, 200).forEach(text -> streams.forEach(s -> here.append(s, text)));
        streams.forEach(s -> Await.until("all of " + s, DecidingTest.LIMIT, () -> here.events.texts(s).size() >= 200));
        System.out.printf("take-over after a kill: %d ms%n", (System.nanoTime() - killed) / 1_000_000);
        assertThat(loop.status().deciding()).hasSize(Topics.PARTITIONS);
        streams.forEach(s -> assertThat(here.events.texts(s)).isEqualTo(sent));
    }

    @Test
    void aProcessThatDiesBetweenDecidingAndCommittingHasNoEffect() {
        String stream = streamOfTheOther();
        here.append(stream, "before");
        here.append(stream, "die");
        here.append(stream, "behind");
        Await.until("dying", DecidingTest.LIMIT, () -> said.contains("dying"));
        Await.until("decided here", DecidingTest.LIMIT, () -> here.events.texts(stream).contains("behind"));
        assertThat(here.events.texts(stream)).containsExactly("before", "die", "behind");
    }

    @Test
    void aFrozenOwnerThatWakesUpLateCannotCommit() throws Exception {
        String stream = streamOfTheOther();
        here.append(stream, "hold");
        Await.until("deciding there", DecidingTest.LIMIT, () -> said.contains("deciding"));
        signal("-STOP");
        Await.until("decided here", DecidingTest.LIMIT, () -> here.events.texts(stream).contains("hold"));
        here.append(stream, "behind");
        Await.until("going on here", DecidingTest.LIMIT, () -> here.events.texts(stream).contains("behind"));
        said.clear();
        signal("-CONT");
        try (var in = other.outputWriter()) {
            in.write("go\n");
        }
        Await.until("a member again", DecidingTest.LIMIT, () -> said.contains("owns 4") && loop.status().deciding().size() == 4);
        here.append(stream, "last");
        Await.until("last", DecidingTest.LIMIT, () -> here.events.texts(stream).contains("last"));
        assertThat(here.events.texts(stream)).containsExactly("hold", "behind", "last");
    }

    private String streamOfTheOther() {
        return IntStream.range(0, Topics.PARTITIONS)
                .filter(p -> !loop.status().deciding().contains(p))
                .mapToObj(here::streamIn)
                .findFirst()
                .orElseThrow();
    }

    private void signal(String signal) throws Exception {
        assertThat(new ProcessBuilder("kill", signal, Long.toString(other.pid())).start().waitFor()).isZero();
    }
}
