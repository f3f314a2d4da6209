package io.openshell.model.egress;

import io.openshell.model.http.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a GraphQL request asks for. */
sealed interface GraphqlBody {
    /** The names under which an operation may be stored. */
    List<String> IDS = List.of("id", "documentId", "queryId");

    /**
     * Operations, in order.
     *
     * @param calls the operations, at least one
     */
    record Good(List<GraphqlCall> calls) implements GraphqlBody {}

    /**
     * It cannot be read in one way.
     *
     * @param reason why, without anything of the request
     */
    record Bad(String reason) implements GraphqlBody {}

    /** Reads a POST. What its target says as well could be taken for the operation instead, so nothing may stand there. */
    static GraphqlBody ofPost(byte[] body, QueryValues query) {
        boolean twice = IDS.stream().anyMatch(id -> !query.of(id).isEmpty()) || !query.of("query").isEmpty()
                || !query.of("operationName").isEmpty() || !query.of("extensions").isEmpty() || !query.of("variables").isEmpty();
        if (twice) {
            return new Bad("the operation stands in the target and in the body");
        }
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException notUtf8) {
            return new Bad("the body is not UTF-8");
        }
        return switch (Json.parse(text).orElse(new Json.Scalar("null"))) {
            case Json.Members one -> all(List.of(one));
            case Json.Elements batch when !batch.elements().isEmpty() -> all(batch.elements());
            case Json.Elements empty -> new Bad("the batch is empty");
            case Json.Text other -> new Bad("the body is neither an object nor a batch");
            case Json.Scalar other -> new Bad("the body is not a JSON object or batch");
        };
    }

    /** Reads what a message of a WebSocket carries. */
    static GraphqlBody ofPayload(Json.Members payload) {
        return all(List.of(payload));
    }

    /** Reads a GET. */
    static GraphqlBody ofGet(QueryValues query) {
        Map<String, Json> members = new TreeMap<>();
        List<String> names = new ArrayList<>(IDS);
        names.addAll(List.of("query", "operationName"));
        for (String name : names) {
            List<String> values = query.of(name);
            if (values.size() > 1) {
                return new Bad("a parameter stands twice");
            }
            values.forEach(value -> members.put(name, new Json.Text(value)));
        }
        List<String> extensions = query.of("extensions");
        if (extensions.size() > 1) {
            return new Bad("a parameter stands twice");
        }
        for (String extension : extensions) {
            Optional<Json> parsed = Json.parse(extension);
            if (parsed.isEmpty()) {
                return new Bad("the extensions are not JSON");
            }
            members.put("extensions", parsed.get());
        }
        return all(List.of(new Json.Members(members)));
    }

    private static GraphqlBody all(List<Json> requests) {
        List<GraphqlCall> calls = new ArrayList<>();
        for (Json request : requests) {
            if (!(request instanceof Json.Members members)) {
                return new Bad("an element of the batch is not an object");
            }
            Optional<Bad> bad = one(members, calls);
            if (bad.isPresent()) {
                return bad.get();
            }
        }
        return new Good(List.copyOf(calls));
    }

    private static Optional<Bad> one(Json.Members members, List<GraphqlCall> calls) {
        List<String> given = IDS.stream().filter(id -> members.get(id).isPresent()).toList();
        if (given.size() > 1 || given.stream().anyMatch(id -> members.text(id).filter(text -> !text.isEmpty()).isEmpty())) {
            return Optional.of(new Bad("several ids, or one that is no text"));
        }
        Optional<String> id = given.stream().flatMap(name -> members.text(name).stream()).findFirst();
        Optional<String> hash = hash(members);
        Optional<String> document = members.text("query").filter(text -> !text.isBlank());
        if (document.isEmpty()) {
            List<String> ids = new ArrayList<>();
            hash.ifPresent(ids::add);
            id.ifPresent(ids::add);
            calls.add(new GraphqlCall.Stored(List.copyOf(ids)));
            return ids.isEmpty() ? Optional.of(new Bad("there is no document")) : Optional.empty();
        }
        if (id.isPresent() || hash.filter(text -> !text.toLowerCase(Locale.ROOT).equals(sha256(document.get()))).isPresent()) {
            return Optional.of(new Bad("an id or a hash that may mean another operation than the document"));
        }
        return written(document.get(), members.text("operationName").orElse(""), calls);
    }

    private static Optional<Bad> written(String text, String operationName, List<GraphqlCall> calls) {
        Optional<GraphqlDocument> document = GraphqlDocument.parse(text);
        if (document.isEmpty()) {
            return Optional.of(new Bad("the document cannot be read"));
        }
        Optional<GraphqlDocument.Operation> chosen = document.get().chosen(operationName);
        if (chosen.isEmpty()) {
            return Optional.of(new Bad("the document does not have exactly one operation of that name"));
        }
        var fields = document.get().rootFields(chosen.get());
        if (fields.isEmpty()) {
            return Optional.of(new Bad("the document spreads a fragment it does not have"));
        }
        calls.add(new GraphqlCall.Written(chosen.get().type(), chosen.get().name(), fields.get()));
        return Optional.empty();
    }

    private static Optional<String> hash(Json.Members members) {
        return members.get("extensions").filter(Json.Members.class::isInstance).map(Json.Members.class::cast)
                .flatMap(extensions -> extensions.get("persistedQuery"))
                .filter(Json.Members.class::isInstance).map(Json.Members.class::cast)
                .flatMap(persisted -> persisted.text("sha256Hash")).filter(text -> !text.isEmpty());
    }

    private static String sha256(String document) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(document.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java knows SHA-256", impossible);
        }
    }
}
