package io.openshell.model.policy;

import java.util.Locale;
import java.util.Optional;

/** What the proxy must understand of the bytes that go to an endpoint. */
public enum Inspection {
    /** Bytes are relayed through the explicit proxy without being understood. */
    NONE(""),
    /** As {@link #NONE}, and reachable without the explicit proxy through policy DNS. */
    TCP("tcp"),
    REST("rest"),
    WEBSOCKET("websocket"),
    GRAPHQL("graphql"),
    SQL("sql"),
    JSON_RPC("json-rpc"),
    MCP("mcp");

    private final String text;

    Inspection(String text) {
        this.text = text;
    }

    /** The canonical text of the {@code protocol} field. */
    public String text() {
        return text;
    }

    /** Whether requests, and not only the connection, have to be judged. */
    public boolean judgesRequests() {
        return this != NONE && this != TCP;
    }

    /** The inspection a {@code protocol} text asks for, letter case ignored; empty for an unknown text. */
    public static Optional<Inspection> parse(String text) {
        String wanted = text.toLowerCase(Locale.ROOT);
        for (Inspection inspection : values()) {
            if (inspection.text.equals(wanted)) {
                return Optional.of(inspection);
            }
        }
        return Optional.empty();
    }
}
