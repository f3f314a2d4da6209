package io.openshell.cli.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --as-of}: asks a read about the past. */
public final class AsOfOption {
    @Option(names = "--as-of", paramLabel = "POINT",
            description = "As it was then: a time (2026-01-31T12:00:00Z, or 10m for ten minutes ago), PARTITION:OFFSET, or an"
                    + " event id.")
    @Nullable String point;

    /** Whether the past is asked for. */
    public boolean given() {
        return point != null;
    }

    /** The session to read with. */
    public Session on(Session session) {
        return point == null ? session : session.asOf(LogPoint.parse(point));
    }
}
