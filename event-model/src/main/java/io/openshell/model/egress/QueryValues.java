package io.openshell.model.egress;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The decoded names and values of a query. */
final class QueryValues {
    private static final QueryValues NONE = new QueryValues(Map.of());

    private final Map<String, List<String>> values;

    private QueryValues(Map<String, List<String>> values) {
        this.values = values;
    }

    /** The values of a query; empty when it is not well-formed UTF-8 in percent encoding. */
    static Optional<QueryValues> parse(String query) {
        String text = query.startsWith("?") ? query.substring(1) : query;
        if (text.isEmpty()) {
            return Optional.of(NONE);
        }
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String part : text.split("&", -1)) {
            if (part.isEmpty()) {
                continue;
            }
            int equals = part.indexOf('=');
            Optional<String> name = decoded(equals < 0 ? part : part.substring(0, equals));
            Optional<String> value = decoded(equals < 0 ? "" : part.substring(equals + 1));
            if (name.isEmpty() || value.isEmpty()) {
                return Optional.empty();
            }
            values.computeIfAbsent(name.get(), absent -> new ArrayList<>(1)).add(value.get());
        }
        return Optional.of(new QueryValues(values));
    }

    /** All values of a name, in order; empty when the name is not there. */
    List<String> of(String name) {
        return values.getOrDefault(name, List.of());
    }

    private static Optional<String> decoded(String text) {
        if (text.indexOf('%') < 0 && text.chars().allMatch(c -> c < 0x80)) {
            return Optional.of(text.replace('+', ' '));
        }
        ByteBuffer bytes = ByteBuffer.allocate(text.length() * 3);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                if (i + 2 >= text.length() || !HexFormat.isHexDigit(text.charAt(i + 1))
                        || !HexFormat.isHexDigit(text.charAt(i + 2))) {
                    return Optional.empty();
                }
                bytes.put((byte) HexFormat.fromHexDigits(text, i + 1, i + 3));
                i += 2;
            } else {
                bytes.put(c == '+' ? new byte[] {' '} : String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString());
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty();
        }
    }
}
