package io.openshell.model.egress;

import io.openshell.model.http.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** What a client says in a WebSocket that carries GraphQL, in either of the two protocols in use. */
sealed interface GraphqlMessage {
    /** Messages that ask for no operation. */
    Set<String> PLAIN = Set.of("connection_init", "connection_terminate", "ping", "pong", "complete", "stop");

    /** Messages that begin an operation. */
    Set<String> BEGINNING = Set.of("subscribe", "start");

    /** It keeps the conversation going, or ends an operation. */
    record Plain(String type) implements GraphqlMessage {}

    /** It begins an operation. */
    record Begins(GraphqlBody operation) implements GraphqlMessage {}

    /** It cannot be read in one way, or is none that is known. */
    record Bad(String reason) implements GraphqlMessage {}

    /** Reads one text message. */
    static GraphqlMessage of(byte[] text) {
        try {
            String decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
            return Json.parse(decoded).orElse(null) instanceof Json.Members message
                    ? of(message) : new Bad("the message is not a JSON object");
        } catch (CharacterCodingException notUtf8) {
            return new Bad("the message is not UTF-8");
        }
    }

    private static GraphqlMessage of(Json.Members message) {
        String type = message.text("type").orElse("");
        if (PLAIN.contains(type)) {
            return new Plain(type);
        }
        if (!BEGINNING.contains(type)) {
            return new Bad("the message is of no known type");
        }
        if (message.text("id").filter(id -> !id.isEmpty()).isEmpty()) {
            return new Bad("an operation has an id");
        }
        return message.get("payload").orElse(null) instanceof Json.Members payload
                ? new Begins(GraphqlBody.ofPayload(payload)) : new Bad("an operation has a payload");
    }
}
