package io.openshell.log.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openshell.log.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the events alone tell when nothing is stored about how far deciding came. */
class TailTest {
    private static final int FAR = 10_000;

    private final KafkaSettings settings = BrokerFixture.shared();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final String stream = "sandbox/fed/" + UUID.randomUUID();
    private final int partition = Partitions.of(stream, Topics.PARTITIONS);

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Test
    void whatAPushedAsideOwnerWroteTellsNothing() {
        EventWriter aside = owner();
        write(aside, 70_005);
        EventWriter newest = owner();
        assertThatThrownBy(() -> write(aside, 70_999)).isInstanceOf(LostTerm.class);
        // It counts, although its owner cannot tell that from where it stands.
        assertThatThrownBy(() -> write(newest, 70_006)).isInstanceOf(LostTerm.class);
        for (int lookBack : new int[] {1, 2, 3, FAR}) {
            Remainder left = tell(lookBack);
            assertThat(left.nextCommand()).isEqualTo(70_007);
            assertThat(left.copies()).extracting(each -> new String(each.event())).contains("70006").doesNotContain("70999");
        }
    }

    @Test
    void anOwnerThatWroteNothingIsLookedBehind() {
        write(owner(), 80_005);
        owner();
        owner();
        for (int lookBack : new int[] {1, 2, 3, FAR}) {
            assertThat(tell(lookBack).nextCommand()).isEqualTo(80_006);
        }
    }

    private Remainder tell(int lookBack) {
        long end = owner().begin(Set.of(partition)).get(partition);
        try (Tail tail = new Tail(settings, lookBack)) {
            return tail.read(partition, null, end);
        }
    }

    private EventWriter owner() {
        KafkaProducer<String, byte[]> producer = new KafkaProducer<>(ClientProperties.events(settings));
        open.add(producer);
        EventWriter owner = new EventWriter(producer, "tail");
        owner.begin(Set.of(partition));
        return owner;
    }

    private void write(EventWriter owner, long command) {
        owner.write(List.of(new DecidedEvent(
                new Entry(stream, DecidingTest.bytes(Long.toString(command)), Optional.of(EchoPort.NODE)), command, 0)));
    }
}
