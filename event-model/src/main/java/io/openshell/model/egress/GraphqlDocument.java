package io.openshell.model.egress;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An executable GraphQL document, as far as rules look into it.
 *
 * @param operations its operations in order
 * @param fragments what its fragments select, by name
 */
record GraphqlDocument(List<Operation> operations, Map<String, Selection> fragments) {
    /**
     * What is selected at one level: inline fragments are merged in, aliases are gone.
     *
     * @param fields real names of the fields
     * @param spreads names of the fragments spread here
     */
    record Selection(Set<String> fields, Set<String> spreads) {}

    /**
     * One operation.
     *
     * @param type query, mutation or subscription
     * @param name its name; empty when it has none
     * @param root what it selects at its root
     */
    record Operation(String type, String name, Selection root) {}

    /** Reads a document; empty when it is not one, or more deeply nested than anybody writes. */
    static Optional<GraphqlDocument> parse(String text) {
        return new GraphqlParser(text).document();
    }

    /**
     * The operation a request means.
     *
     * @param name the operation it names; empty when it names none
     * @return empty when there is no such operation, or several and none is named
     */
    Optional<Operation> chosen(String name) {
        if (name.isEmpty()) {
            return operations.size() == 1 ? Optional.of(operations.getFirst()) : Optional.empty();
        }
        List<Operation> named = operations.stream().filter(operation -> operation.name().equals(name)).toList();
        return named.size() == 1 ? Optional.of(named.getFirst()) : Optional.empty();
    }

    /** All fields at the root of an operation, through its fragments; empty when it spreads one that is not there. */
    Optional<Set<String>> rootFields(Operation operation) {
        Set<String> fields = new HashSet<>(operation.root().fields());
        Set<String> seen = new HashSet<>(operation.root().spreads());
        Deque<String> open = new ArrayDeque<>(seen);
        while (!open.isEmpty()) {
            Selection fragment = fragments.get(open.pop());
            if (fragment == null) {
                return Optional.empty();
            }
            fields.addAll(fragment.fields());
            fragment.spreads().stream().filter(seen::add).forEach(open::push);
        }
        return Optional.of(Set.copyOf(fields));
    }
}
