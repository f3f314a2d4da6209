package io.openshell.log.kafka;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/**
 * Writes events into the partitions that are owned. Whoever owns a partition begins a term there with a record of its own, and
 * from then on only what is marked with this term counts ({@link TermReader}): the log itself fences those who came before. An
 * acknowledged event that stands where it was expected has nobody else's record between it and the term's beginning, so it
 * counts for good. One thread.
 */
final class EventWriter {
    private final Producer<String, byte[]> producer;
    private final byte[] name;
    private final Map<Integer, Term> terms = new HashMap<>();

    /** @param written events of this term so far */
    private record Term(long start, long written) {
        long end() {
            return start + 1 + written;
        }
    }

    /** Writes through this producer, which sends when it is flushed, in the name of this process, which is kept with the beginning of each term. */
    EventWriter(Producer<String, byte[]> producer, String name) {
        this.producer = producer;
        this.name = name.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Begins a term in each of these partitions; what others write there from now on does not count.
     *
     * @return where each begins: all that counted before stands before it
     * @throws KafkaException when the log did not take it; the writer must not be used any more
     */
    Map<Integer, Long> begin(Set<Integer> partitions) {
        Map<Integer, Future<RecordMetadata>> sent = new LinkedHashMap<>();
        for (int partition : partitions) {
            ProducerRecord<String, byte[]> start = new ProducerRecord<>(Topics.EVENTS, partition, null, name);
            TermMark.putStartInto(start.headers());
            sent.put(partition, send(start));
        }
        producer.flush();
        Map<Integer, Long> starts = new HashMap<>();
        sent.forEach((partition, future) -> starts.put(partition, Acknowledged.await(future).offset()));
        starts.forEach((partition, start) -> terms.put(partition, new Term(start, 0)));
        return starts;
    }

    /** Forgets the terms of partitions that are no longer owned. */
    void end(Collection<Integer> partitions) {
        terms.keySet().removeAll(partitions);
    }

    /** The offset behind the last event written in an owned partition. */
    long reached(int partition) {
        return term(partition).end();
    }

    /**
     * Writes them and waits until they count.
     *
     * @throws LostTerm when another process writes to one of the partitions
     * @throws KafkaException when the log did not take them all; which of them count is not known. The writer must not be used
     *     any more after either.
     */
    void write(List<DecidedEvent> events) {
        List<Future<RecordMetadata>> sent = new ArrayList<>(events.size());
        Map<Integer, Term> after = new HashMap<>(terms);
        List<Long> expected = new ArrayList<>(events.size());
        for (DecidedEvent event : events) {
            int partition = event.partition();
            Term term = after.getOrDefault(partition, term(partition));
            expected.add(term.end());
            sent.add(send(record(event, partition, term)));
            after.put(partition, new Term(term.start(), term.written() + 1));
        }
        producer.flush();
        for (int i = 0; i < sent.size(); i++) {
            RecordMetadata at = Acknowledged.await(sent.get(i));
            if (at.offset() != expected.get(i)) {
                throw new LostTerm(at.partition(), expected.get(i), at.offset());
            }
        }
        terms.putAll(after);
    }

    private Term term(int partition) {
        Term term = terms.get(partition);
        if (term == null) {
            throw new IllegalStateException("partition " + partition + " was not taken over");
        }
        return term;
    }

    private static ProducerRecord<String, byte[]> record(DecidedEvent event, int partition, Term term) {
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(Topics.EVENTS, partition, event.entry().stream(), event.entry().event());
        new TermMark(term.start(), term.written(), event.command(), event.remaining()).putInto(record.headers());
        event.entry().node().ifPresent(node -> TermMark.putFeedInto(record.headers(), node));
        return record;
    }

    private Future<RecordMetadata> send(ProducerRecord<String, byte[]> record) {
        // After a failure nothing may follow: a later event must not take the place of one that is missing.
        return producer.send(record, (at, failure) -> {
            if (failure != null) {
                producer.close(java.time.Duration.ZERO);
            }
        });
    }
}
