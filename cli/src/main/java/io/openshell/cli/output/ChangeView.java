package io.openshell.cli.output;

import io.openshell.model.history.Change;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A fact that differs, as users see it. */
public final class ChangeView {
    private ChangeView() {}

    /** One line: {@code +} came, {@code -} went, {@code ~} has another value. */
    public static String line(Change change) {
        return switch (change) {
            case Change.Added added -> "+ " + added.path() + value(added.value());
            case Change.Removed removed -> "- " + removed.path() + value(removed.value());
            case Change.Changed changed -> "~ " + changed.path() + ": " + plain(changed.before()) + " → " + plain(changed.after());
        };
    }

    private static String value(String text) {
        return text.isEmpty() ? "" : ": " + plain(text);
    }

    /** What comes from a sandbox must not steer the terminal. */
    private static String plain(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }

    /** The keys of JSON and YAML; a side that did not have the fact is null. */
    public static Map<String, @Nullable Object> document(Change change) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("path", change.path());
        switch (change) {
            case Change.Added added -> put(document, "added", null, added.value());
            case Change.Removed removed -> put(document, "removed", removed.value(), null);
            case Change.Changed changed -> put(document, "changed", changed.before(), changed.after());
        }
        return document;
    }

    private static void put(
            Map<String, @Nullable Object> document, String kind, @Nullable String before, @Nullable String after) {
        document.put("kind", kind);
        document.put("before", before);
        document.put("after", after);
    }
}
