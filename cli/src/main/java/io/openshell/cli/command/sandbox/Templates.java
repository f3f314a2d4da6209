package io.openshell.cli.command.sandbox;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.openshell.wire.v1.SandboxTemplate;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What flags say of a sandbox's files and limits, as a template. Pure. */
final class Templates {

    private Templates() {}

    /** The template; empty when nothing was said. */
    static Optional<SandboxTemplate> of(String image, Map<String, @Nullable String> limits) {
        Struct.Builder given = Struct.newBuilder();
        limits.forEach((name, value) -> {
            if (value != null) {
                given.putFields(name, Value.newBuilder().setStringValue(value).build());
            }
        });
        if (image.isEmpty() && given.getFieldsCount() == 0) {
            return Optional.empty();
        }
        SandboxTemplate.Builder template = SandboxTemplate.newBuilder().setImage(image);
        if (given.getFieldsCount() > 0) {
            template.setResources(Struct.newBuilder().putFields("limits", Value.newBuilder().setStructValue(given).build()));
        }
        return Optional.of(template.build());
    }

    /** What the files come from, for people. */
    static String source(SandboxTemplate template) {
        return template.getImage().isEmpty() ? "the host's own files" : template.getImage();
    }

    /** The limits by name. */
    static Map<String, String> limits(SandboxTemplate template) {
        Map<String, String> limits = new TreeMap<>();
        template.getResources().getFieldsOrDefault("limits", Value.getDefaultInstance()).getStructValue().getFieldsMap()
                .forEach((name, value) -> limits.put(name, value.getStringValue()));
        return limits;
    }
}
