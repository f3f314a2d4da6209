package io.openshell.model.history;

import io.openshell.model.provider.ProviderContent;
import io.openshell.model.provider.ProviderEvent;
import io.openshell.model.provider.ProviderState;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is told about providers: names and revisions. Settings may be private, so only their names are. Pure. */
final class ProviderFacts {

    private ProviderFacts() {}

    static void of(ProviderState state, SortedMap<String, String> facts) {
        switch (state) {
            case ProviderState.Absent absent -> facts.put("state", "None");
            case ProviderState.Present present -> {
                facts.put("state", "Present");
                facts.put("id", present.provider().id());
                facts.put("type", present.provider().type());
                facts.put("revision", Long.toString(present.revision()));
                present.provider().labels().forEach((key, value) -> facts.put("label." + key, value));
                present.content().credentials().forEach((key, expires) -> facts.put(
                        "credential." + key, expires.map(at -> "set, expires " + at).orElse("set")));
                present.content().config().keySet().forEach(key -> facts.put("config." + key, "set"));
            }
        }
    }

    static String summary(ProviderEvent event) {
        return switch (event) {
            case ProviderEvent.ProviderCreated e -> "provider " + e.provider().name() + " of type " + e.provider().type()
                    + " created, with " + offers(e.content());
            case ProviderEvent.ProviderUpdated e -> "provider updated to revision " + e.revision() + ", with " + offers(e.content());
            case ProviderEvent.ProviderDeleted e -> "provider deleted, its secrets destroyed";
        };
    }

    private static String offers(ProviderContent content) {
        return content.credentials().isEmpty() ? "no credential" : String.join(", ", content.credentials().keySet());
    }

    static ProviderEvent masked(ProviderEvent event) {
        return switch (event) {
            case ProviderEvent.ProviderCreated e -> new ProviderEvent.ProviderCreated(e.provider(), masked(e.content()));
            case ProviderEvent.ProviderUpdated e -> new ProviderEvent.ProviderUpdated(e.revision(), masked(e.content()));
            case ProviderEvent.ProviderDeleted e -> e;
        };
    }

    /** What {@link #masked} takes out. */
    static List<String> hidden(ProviderEvent event) {
        return masked(event).equals(event) ? List.of() : List.of("config");
    }

    private static ProviderContent masked(ProviderContent content) {
        SortedMap<String, String> config = new TreeMap<>();
        content.config().keySet().forEach(key -> config.put(key, PrivateValues.MASK));
        return new ProviderContent(content.credentials(), config, content.bundle());
    }
}
