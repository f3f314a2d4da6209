package io.openshell.projection.history.store;

import java.util.ArrayList;
import java.util.List;

/** A query as SQL with places for its values; no value ever becomes part of the text. */
record SearchText(String sql, List<Object> values) {

    static SearchText of(HistoryQuery query, int most) {
        List<String> conditions = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        query.stream().ifPresent(stream -> add(conditions, values, "stream = ?", stream));
        query.since().ifPresent(since -> add(conditions, values, "log_time >= ?", EventRows.time(since)));
        query.until().ifPresent(until -> add(conditions, values, "log_time <= ?", EventRows.time(until)));
        query.actor().ifPresent(actor -> add(conditions, values, "actor = ?", actor));
        query.correlationId().ifPresent(id -> add(conditions, values, "correlation_id = ?", id));
        if (!query.types().isEmpty()) {
            conditions.add("type IN (" + "?, ".repeat(query.types().size() - 1) + "?)");
            values.addAll(query.types());
        }
        query.after().ifPresent(place -> {
            conditions.add("(log_time, \"partition\", \"offset\") > (?, ?, ?)");
            values.add(EventRows.time(place.logTime()));
            values.add(place.position().partition());
            values.add(place.position().offset());
        });
        String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
        values.add(most);
        return new SearchText("SELECT " + EventRows.COLUMNS + " FROM events" + where
                + " ORDER BY log_time, \"partition\", \"offset\" LIMIT ?", values);
    }

    private static void add(List<String> conditions, List<Object> values, String condition, Object value) {
        conditions.add(condition);
        values.add(value);
    }
}
