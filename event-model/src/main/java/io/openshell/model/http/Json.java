package io.openshell.model.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A JSON value, as far as rules look into it. */
public sealed interface Json {
    /**
     * An object.
     *
     * @param members its members; a name stands only once
     */
    record Members(Map<String, Json> members) implements Json {
        /** A member, if it is there. */
        public Optional<Json> get(String name) {
            return Optional.ofNullable(members.get(name));
        }

        /** A member that is a text. */
        public Optional<String> text(String name) {
            return members.get(name) instanceof Text text ? Optional.of(text.value()) : Optional.empty();
        }
    }

    /**
     * An array.
     *
     * @param elements its elements
     */
    record Elements(List<Json> elements) implements Json {}

    /**
     * A text.
     *
     * @param value the text, escapes resolved
     */
    record Text(String value) implements Json {}

    /**
     * A number, true, false or null.
     *
     * @param text as it is written
     */
    record Scalar(String text) implements Json {}

    /**
     * Reads a document.
     *
     * @param text the whole document
     * @return the value; empty when it is not strictly JSON, is nested more than 64 deep, or names a member twice, which two
     *     readers could take differently
     */
    static Optional<Json> parse(String text) {
        return new JsonParser(text).document();
    }
}
