package io.openshell.projection.history;

import io.openshell.log.LogRecord;
import io.openshell.model.EventEnvelope;
import io.openshell.wire.events.EventCodec;
import io.openshell.wire.events.UndecodableRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Walks the records of one stream in order, keeps its events and notes what is wrong with them. One thread. */
final class ChainCheck {

    private final String stream;
    private final List<History.Entry> entries = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private long version;
    private String hash = "";
    private long unreadable;
    private String unreadableHash = "";

    ChainCheck(String stream) {
        this.stream = stream;
    }

    void next(LogRecord record) {
        decode(record).ifPresent(event -> {
            if (!event.stream().toString().equals(stream)) {
                findings.add(new Finding.Foreign(record.position(), event.stream().toString()));
            } else if (event.version() <= version) {
                findings.add(again(record, event));
            } else {
                follow(record, event);
            }
        });
    }

    private Optional<EventEnvelope> decode(LogRecord record) {
        try {
            return Optional.of(EventCodec.decode(record.value()));
        } catch (UndecodableRecord e) {
            findings.add(new Finding.Unreadable(record.position(), e.getMessage()));
            unreadable++;
            unreadableHash = EventCodec.hash(record.value());
            return Optional.empty();
        }
    }

    private Finding again(LogRecord record, EventEnvelope event) {
        boolean same = entries.stream().anyMatch(e -> e.event().equals(event));
        return same
                ? new Finding.Repeated(record.position(), event.version())
                : new Finding.Conflicting(record.position(), event.version());
    }

    private void follow(LogRecord record, EventEnvelope event) {
        // Events of a newer release stand in the chain although this one cannot read them; foreign bytes do not.
        boolean overUnreadable = unreadable > 0
                && event.version() == version + 1 + unreadable
                && event.previousHash().equals(unreadableHash);
        if (!overUnreadable) {
            if (event.version() != version + 1) {
                findings.add(new Finding.Missing(record.position(), version + 1, event.version()));
            } else if (!event.previousHash().equals(hash)) {
                findings.add(new Finding.BrokenChain(record.position(), event.version()));
            }
        }
        version = event.version();
        hash = EventCodec.hash(record.value());
        unreadable = 0;
        entries.add(new History.Entry(event, record.logTime()));
    }

    StreamAudit result() {
        return new StreamAudit(entries, findings);
    }
}
