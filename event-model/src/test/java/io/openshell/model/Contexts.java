package io.openshell.model;

import java.time.Instant;

/** Who asks, in tests. */
public final class Contexts {
    public static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private Contexts() {}

    /** A user at noon. */
    public static Context user() {
        return of(Actor.Kind.USER, "ada", NOON);
    }

    /** The agent of a node at noon. */
    public static Context node(String id) {
        return of(Actor.Kind.NODE, id, NOON);
    }

    /** Anybody at any time. */
    public static Context of(Actor.Kind kind, String subject, Instant time) {
        return new Context(new CommandId("c-" + subject), "corr-1", "", new Actor(kind, subject, "unix-socket"), "", "gateway:g1", time);
    }
}
