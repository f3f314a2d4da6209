package io.openshell.wire.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.Command;
import io.openshell.model.Event;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.policy.ConfigValue;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The other tests of this package are worth as much as the samples are complete. */
class SampleCoverageTest {
    private final Set<Class<?>> types = new HashSet<>();
    private final Set<String> filled = new TreeSet<>();
    private final Set<String> declared = new TreeSet<>();

    @Test
    void everyCommandAndEventHasASample() {
        assertThat(Samples.events().stream().<Class<?>>map(Object::getClass).distinct()).containsExactlyInAnyOrderElementsOf(leaves(Event.class));
        assertThat(Samples.commands().stream().<Class<?>>map(Object::getClass).distinct()).containsExactlyInAnyOrderElementsOf(leaves(Command.class));
    }

    @Test
    void everyPartOfThemHasASampleWithAValue() throws ReflectiveOperationException {
        for (Event event : Samples.events()) {
            visit(Samples.envelope(event));
        }
        for (Command command : Samples.commands()) {
            visit(Samples.envelope(command));
        }
        assertThat(filled).as("a field that is empty in every sample could be lost on the way without a test noticing")
                .containsExactlyElementsOf(declared);
        assertThat(types).containsAll(leaves(LayerReport.class)).containsAll(leaves(ConfigValue.class));
    }

    static List<Class<?>> leaves(Class<?> type) {
        return type.isSealed() ? Stream.of(type.getPermittedSubclasses()).<Class<?>>flatMap(t -> leaves(t).stream()).toList() : List.of(type);
    }

    private void visit(Object value) throws ReflectiveOperationException {
        switch (value) {
            case Record parts -> visitParts(parts);
            case Optional<?> optional -> visitAll(optional.stream().toList());
            case Collection<?> items -> visitAll(items);
            case Map<?, ?> entries -> visitAll(entries.values());
            default -> { }
        }
    }

    private void visitAll(Collection<?> items) throws ReflectiveOperationException {
        for (Object item : items) {
            visit(item);
        }
    }

    private void visitParts(Record parts) throws ReflectiveOperationException {
        types.add(parts.getClass());
        for (RecordComponent component : parts.getClass().getRecordComponents()) {
            String name = parts.getClass().getName() + "." + component.getName();
            declared.add(name);
            Object value = component.getAccessor().invoke(parts);
            if (says(value)) {
                filled.add(name);
            }
            visit(value);
        }
    }

    private static boolean says(Object value) {
        return switch (value) {
            case String text -> !text.isEmpty();
            case Boolean flag -> flag;
            case Number number -> number.doubleValue() != 0;
            case Optional<?> optional -> optional.isPresent();
            case Collection<?> items -> !items.isEmpty();
            case Map<?, ?> entries -> !entries.isEmpty();
            default -> true;
        };
    }
}
