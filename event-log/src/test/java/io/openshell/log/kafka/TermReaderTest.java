package io.openshell.log.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class TermReaderTest {
    private final List<ConsumerRecord<String, byte[]>> log = new ArrayList<>();

    @Test
    void eventsOfTheNewestTermCountAndThoseOfAnEarlierOwnerDoNot() {
        long first = start();
        event(first, 0, 0, "a");
        long second = start();
        event(first, 1, 0, "late");
        event(second, 0, 0, "b");
        event(first, 2, 0, "later");
        event(second, 1, 0, "c");
        assertThat(read(0)).containsExactly("a", "b", "c");
    }

    @Test
    void eventsOfOneCommandCountTogetherOrNotAtAll() {
        long first = start();
        event(first, 0, 2, "a1");
        event(first, 1, 1, "a2");
        assertThat(read(0)).isEmpty();
        event(first, 2, 0, "a3");
        assertThat(read(0)).containsExactly("a1", "a2", "a3");
        event(first, 3, 1, "b1");
        long second = start();
        event(second, 0, 0, "b");
        assertThat(read(0)).containsExactly("a1", "a2", "a3", "b");
    }

    @Test
    void nothingCountsBehindAnEventThatIsMissing() {
        long term = start();
        event(term, 0, 0, "a");
        event(term, 2, 0, "c");
        event(term, 3, 0, "d");
        assertThat(read(0)).containsExactly("a");
        event(term, 1, 0, "b");
        assertThat(read(0)).containsExactly("a", "b");
    }

    @Test
    void whatOlderReleasesWroteCountsUntilTheFirstTermBegins() {
        unmarked("old");
        unmarked("older");
        long term = start();
        unmarked("nobody's");
        event(term, 0, 0, "a");
        assertThat(read(0)).containsExactly("old", "older", "a");
    }

    @Test
    void aBeginningOfATermIsToldToNobody() {
        start();
        start();
        assertThat(read(0)).isEmpty();
    }

    @Test
    void readingFromAnyPlaceAnotherReaderTellsGivesTheRest() {
        Random random = new Random(7);
        write(random);
        List<String> all = read(0);
        assertThat(all).hasSizeGreaterThan(100);
        TermReader reader = TermReader.from(0);
        List<String> told = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record : log) {
            reader.take(record, each -> told.add(text(each)));
            List<String> rest = read(reader.resume());
            assertThat(rest).as("from %d", reader.resume()).isEqualTo(all.subList(told.size(), all.size()));
        }
        assertThat(told).isEqualTo(all);
    }

    /** Two owners that take turns, write past each other and die in the middle of commands. */
    private void write(Random random) {
        unmarked("old");
        long[] terms = {start(), -1};
        long[] sequence = {0, 0};
        for (int command = 0; command < 300; command++) {
            int owner = random.nextInt(10) == 0 ? 1 : 0;
            if (random.nextInt(15) == 0 || terms[owner] < 0) {
                terms[owner] = start();
                sequence[owner] = 0;
            }
            int events = 1 + random.nextInt(3);
            int written = random.nextInt(20) == 0 ? random.nextInt(events) : events;
            for (int i = 0; i < written; i++) {
                event(terms[owner], sequence[owner]++, events - i - 1, command + "." + i);
            }
            if (written < events) {
                terms[owner] = -1;
            }
        }
    }

    private List<String> read(long from) {
        TermReader reader = TermReader.from(from);
        List<String> texts = new ArrayList<>();
        log.stream().skip(reader.seekTo()).forEach(record -> reader.take(record, each -> texts.add(text(each))));
        return texts;
    }

    private static String text(ConsumerRecord<String, byte[]> record) {
        return new String(record.value());
    }

    private long start() {
        RecordHeaders headers = new RecordHeaders();
        TermMark.putStartInto(headers);
        return add(headers, "owner");
    }

    private void event(long term, long sequence, int remaining, String text) {
        RecordHeaders headers = new RecordHeaders();
        new TermMark(term, sequence, 0, remaining).putInto(headers);
        assertThat(TermMark.of(headers)).contains(new TermMark(term, sequence, 0, remaining));
        add(headers, text);
    }

    private void unmarked(String text) {
        add(new RecordHeaders(), text);
    }

    private long add(RecordHeaders headers, String text) {
        log.add(new ConsumerRecord<>(Topics.EVENTS, 0, log.size(), 0, TimestampType.CREATE_TIME, 0, 0, "key",
                text.getBytes(), headers, Optional.empty()));
        return log.size() - 1;
    }
}
