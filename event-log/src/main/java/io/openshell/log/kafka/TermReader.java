package io.openshell.log.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Tells, for one partition of the events, which records count. Every reader applies the same rule to the same records in the
 * same order, so all agree: a record counts when it is marked with the newest term begun before it and follows the term's
 * record before it without a gap, and the events of one command count together or not at all. Whoever lost the partition may
 * go on writing; nothing of it is seen. One thread.
 */
final class TermReader {
    /** No term has begun: what older releases wrote, unmarked, counts. */
    private static final long NONE = -1;

    /** Reading began in the middle; the first record tells. */
    private static final long UNKNOWN = -2;

    private final long from;
    private final List<ConsumerRecord<String, byte[]>> unfinished = new ArrayList<>();
    private long term;
    private long sequence;
    private long resume;
    private long leftOut;

    private TermReader(long from) {
        this.from = from;
        this.resume = from;
        this.term = from == 0 ? NONE : UNKNOWN;
    }

    /**
     * To read from an offset on: 0, or one that {@link #resume} told. The reader must be given the record before that one too
     * (see {@link #seekTo}), which tells the term.
     */
    static TermReader from(long offset) {
        return new TermReader(offset);
    }

    /** The offset to read from, so that the term is known. */
    long seekTo() {
        return Math.max(0, from - 1);
    }

    /** Takes the partition's next record; those that now count go to {@code counting}, in order. */
    void take(ConsumerRecord<String, byte[]> record, Consumer<ConsumerRecord<String, byte[]>> counting) {
        if (TermMark.isStart(record.headers())) {
            begin(record.offset());
            return;
        }
        TermMark mark = TermMark.of(record.headers()).orElse(null);
        if (record.offset() < from) {
            adopt(mark);
            if (mark != null) {
                sequence++;
            }
            return;
        }
        if (term == UNKNOWN) {
            adopt(mark);
        }
        if (!counts(mark)) {
            leftOut++;
            return;
        }
        sequence++;
        unfinished.add(record);
        if (mark == null || mark.remaining() == 0) {
            unfinished.forEach(counting);
            unfinished.clear();
            resume = record.offset() + 1;
        }
    }

    private void begin(long offset) {
        // What its last owner did not finish writing was never decided; its command is decided again.
        leftOut += unfinished.size();
        unfinished.clear();
        term = offset;
        sequence = 0;
        resume = Math.max(resume, offset + 1);
    }

    private void adopt(@Nullable TermMark mark) {
        term = mark == null ? NONE : mark.term();
        sequence = mark == null ? 0 : mark.sequence();
    }

    private boolean counts(@Nullable TermMark mark) {
        return mark == null ? term == NONE : mark.term() == term && mark.sequence() == sequence;
    }

    /** Where to go on reading later, with a new reader: behind all that was told. */
    long resume() {
        return resume;
    }

    /** Records that do not count, so far. */
    long leftOut() {
        return leftOut;
    }
}
