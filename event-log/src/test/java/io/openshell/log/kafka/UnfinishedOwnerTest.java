package io.openshell.log.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.log.Entry;
import io.openshell.log.Position;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an owner left that died at a bad moment: played by a writer that does the first steps of one and no more. */
class UnfinishedOwnerTest {
    private final DecidingTest here = new DecidingTest();
    private final Collector feed = new Collector();
    private KafkaProducer<String, byte[]> producer;

    @BeforeEach
    void follow() {
        here.follow();
        new Topics(here.settings, DecidingTest.LIMIT).ensureNodeFeed(EchoPort.NODE);
        here.kept(NodeFeed.follow(here.settings, EchoPort.NODE, 0, feed, feed));
        producer = here.kept(new KafkaProducer<>(ClientProperties.events(here.settings)));
    }

    @AfterEach
    void close() throws Exception {
        here.close();
    }

    @Test
    void aCommandWhoseEventWasWrittenIsNotDecidedAgainAndItsMissingCopyIsMade() throws Exception {
        String stream = "sandbox/fed/" + here.run;
        decidedOnce(stream);
        Position second = append(stream, "2");
        dieAfter(second.partition(), new DecidedEvent(entry(stream, "2"), second.offset(), 0));
        here.append(stream, "3");

        here.decide("b", new EchoPort(here.fold));

        Await.until("decided", DecidingTest.LIMIT, () -> here.events.texts(stream).contains("3"));
        assertThat(here.events.texts(stream)).containsExactly("1", "2", "3");
        Await.until("copied", DecidingTest.LIMIT, () -> feed.texts(stream).contains("3"));
        assertThat(feed.texts(stream).stream().distinct()).containsExactly("1", "2", "3");
    }

    @Test
    void aCommandOfWhichOnlySomeEventsWereWrittenIsDecidedAgain() throws Exception {
        String stream = "sandbox/fed/" + here.run;
        decidedOnce(stream);
        Position second = append(stream, "2");
        dieAfter(second.partition(), new DecidedEvent(entry(stream, "half of 2"), second.offset(), 1));

        here.decide("b", new EchoPort(here.fold));

        Await.until("decided", DecidingTest.LIMIT, () -> here.events.texts(stream).contains("2"));
        assertThat(here.events.texts(stream)).containsExactly("1", "2");
        Await.until("copied", DecidingTest.LIMIT, () -> feed.texts(stream).contains("2"));
        assertThat(feed.texts(stream)).doesNotContain("half of 2");
    }

    @Test
    void anOwnerThatIsPushedAsideBeginsANewTermAndLosesNoCommand() throws Exception {
        String stream = "sandbox/w/" + here.run;
        here.decide("a", new EchoPort(here.fold));
        append(stream, "1");
        Await.until("first", DecidingTest.LIMIT, () -> here.events.texts(stream).contains("1"));
        new EventWriter(producer, "intruder").begin(Set.of(Partitions.of(stream, Topics.PARTITIONS)));

        append(stream, "2");
        append(stream, "3");

        Await.until("decided", DecidingTest.LIMIT, () -> here.events.texts(stream).contains("3"));
        assertThat(here.events.texts(stream)).containsExactly("1", "2", "3");
        assertThat(here.events.troubles).anyMatch(trouble -> trouble.contains("another process writes there"));
    }

    private void decidedOnce(String stream) throws Exception {
        KafkaDeciderLoop first = here.decide("a", new EchoPort(here.fold));
        append(stream, "1");
        Await.until("first", DecidingTest.LIMIT, () -> feed.texts(stream).contains("1"));
        first.close();
    }

    private void dieAfter(int partition, DecidedEvent event) {
        EventWriter died = new EventWriter(producer, "died");
        died.begin(Set.of(partition));
        died.write(List.of(event));
    }

    private Position append(String stream, String text) throws Exception {
        return here.commands.append(stream, DecidingTest.bytes(text)).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static Entry entry(String stream, String text) {
        return new Entry(stream, DecidingTest.bytes(text), Optional.of(EchoPort.NODE));
    }
}
