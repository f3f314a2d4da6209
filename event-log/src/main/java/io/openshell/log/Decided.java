package io.openshell.log;

import java.util.List;

/** What one command leads to: its events in order, none when nothing changes. */
public record Decided(List<Entry> events) {
    public Decided {
        events = List.copyOf(events);
    }
}
