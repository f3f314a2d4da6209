package io.openshell.model.policy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Identity of a document's content: equal documents have equal hashes, whatever order their map entries were written in. */
public final class PolicyHash {
    // Asking a class for its components costs far more than reading them.
    private static final ClassValue<List<RecordComponent>> COMPONENTS = new ClassValue<>() {
        @Override
        protected List<RecordComponent> computeValue(Class<?> type) {
            return List.of(type.getRecordComponents());
        }
    };

    private PolicyHash() {}

    /** Lower-case hexadecimal SHA-256 of the canonical encoding: maps sorted by key, lists in order, texts length-prefixed. */
    public static String of(PolicyDocument document) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            write(document, new DataOutputStream(bytes));
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    // Walking the record components keeps the encoding complete: a new field of the document cannot be forgotten here.
    private static void write(Object value, DataOutputStream out) throws IOException {
        switch (value) {
            case String text -> text(text, out);
            case Boolean flag -> tagged('b', flag ? 1 : 0, out);
            case Integer number -> tagged('i', number, out);
            case Long number -> tagged('i', number, out);
            case Double number -> tagged('d', Double.doubleToLongBits(number), out);
            case Optional<?> optional -> {
                tagged('o', optional.isPresent() ? 1 : 0, out);
                if (optional.isPresent()) {
                    write(optional.get(), out);
                }
            }
            case List<?> list -> {
                tagged('l', list.size(), out);
                for (Object item : list) {
                    write(item, out);
                }
            }
            case Map<?, ?> map -> {
                tagged('m', map.size(), out);
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    write(entry.getKey(), out);
                    write(entry.getValue(), out);
                }
            }
            case Record parts -> parts(parts, out);
            default -> throw new IllegalStateException("no canonical form for " + value.getClass());
        }
    }

    private static void parts(Record parts, DataOutputStream out) throws IOException {
        List<RecordComponent> components = COMPONENTS.get(parts.getClass());
        tagged('r', components.size(), out);
        text(parts.getClass().getSimpleName(), out);
        for (RecordComponent component : components) {
            text(component.getName(), out);
            try {
                write(component.getAccessor().invoke(parts), out);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("cannot read " + component, e);
            }
        }
    }

    private static void text(String text, DataOutputStream out) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        tagged('s', bytes.length, out);
        out.write(bytes);
    }

    private static void tagged(char tag, long value, DataOutputStream out) throws IOException {
        out.writeByte(tag);
        out.writeLong(value);
    }
}
