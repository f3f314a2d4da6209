package io.openshell.model.egress;

import io.openshell.model.http.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a JSON-RPC body says. */
sealed interface RpcBody {
    /**
     * Calls and notifications, in order.
     *
     * @param calls the calls
     * @param answers whether answers to calls of the server are among them
     */
    record Good(List<RpcCall> calls, boolean answers) implements RpcBody {}

    /**
     * It is not JSON-RPC 2.0.
     *
     * @param reason why, without anything of the body
     */
    record Bad(String reason) implements RpcBody {}

    /** Reads a body. */
    static RpcBody parse(byte[] body, boolean tools) {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException notUtf8) {
            return new Bad("the body is not UTF-8");
        }
        return switch (Json.parse(text).orElse(new Json.Scalar("null"))) {
            case Json.Members message -> messages(List.of(message), tools);
            case Json.Elements batch when !batch.elements().isEmpty() -> messages(batch.elements(), tools);
            case Json.Elements empty -> new Bad("the batch is empty");
            case Json.Text other -> new Bad("the body is neither an object nor a batch");
            case Json.Scalar other -> new Bad("the body is not a JSON object or batch");
        };
    }

    private static RpcBody messages(List<Json> all, boolean tools) {
        List<RpcCall> calls = new ArrayList<>();
        boolean answers = false;
        for (Json one : all) {
            if (!(one instanceof Json.Members message) || !message.text("jsonrpc").equals(Optional.of("2.0"))) {
                return new Bad("a message is not JSON-RPC 2.0");
            }
            boolean answer = message.get("result").isPresent() || message.get("error").isPresent();
            boolean call = message.get("method").isPresent();
            Optional<String> method = message.text("method").filter(name -> !name.isEmpty());
            if (answer == call || call && method.isEmpty()) {
                return new Bad("a message is neither a call nor an answer");
            }
            answers |= answer;
            Optional<RpcBody> bad = method.flatMap(name -> add(name, message, tools, calls));
            if (bad.isPresent()) {
                return bad.get();
            }
        }
        return new Good(List.copyOf(calls), answers);
    }

    private static Optional<RpcBody> add(String method, Json.Members message, boolean tools, List<RpcCall> calls) {
        Optional<Json> params = message.get("params");
        if (params.isPresent() && !(params.get() instanceof Json.Members) && !(params.get() instanceof Json.Elements)) {
            return Optional.of(new Bad("parameters are neither an object nor an array"));
        }
        if (!tools || !method.equals(RpcRules.TOOLS_CALL)) {
            calls.add(new RpcCall(method, Optional.empty()));
            return Optional.empty();
        }
        Optional<String> tool = params.filter(Json.Members.class::isInstance).map(Json.Members.class::cast)
                .flatMap(members -> members.text("name")).filter(name -> !name.isEmpty());
        if (tool.isEmpty()) {
            return Optional.of(new Bad("a call of a tool does not name it"));
        }
        calls.add(new RpcCall(method, tool));
        return Optional.empty();
    }
}
