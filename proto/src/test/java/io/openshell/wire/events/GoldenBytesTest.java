package io.openshell.wire.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.Command;
import io.openshell.model.EventEnvelope;
import io.openshell.wire.events.v1.EventRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Records as the first release wrote them. A file that is there is never changed: logs with such bytes exist. A new type gets its file by
 * running this test once with {@code -Dgolden.add=true}, which only ever adds.
 */
class GoldenBytesTest {
    private static final int BYTES_PER_LINE = 32;
    private static final Path FOLDER = Path.of("src/test/resources/golden");

    /** SHA-256 over all files in the order of their names: no run of a build writes here. */
    private static final String RELEASED = "465a238278387cda50548b88e9363369d564691aa1c1b21a0602645407d45967";

    static Stream<EventEnvelope> events() {
        return Samples.events().stream().flatMap(event -> Samples.versions(event).stream());
    }

    static Stream<Command> commands() {
        return Samples.commands().stream();
    }

    @ParameterizedTest
    @MethodSource("events")
    void releasedEventsReadAndWriteTheSame(EventEnvelope sample) throws IOException {
        byte[] written = EventCodec.encode(sample);
        byte[] golden = golden("v" + sample.schemaVersion() + "/events/" + name(sample.event(), Samples.events()), written);
        assertThat(EventCodec.decode(golden)).isEqualTo(sample);
        assertThat(lines(written)).isEqualTo(lines(golden));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void releasedCommandsReadAndWriteTheSame(Command command) throws IOException {
        byte[] written = CommandCodec.encode(Samples.envelope(command));
        byte[] golden = golden("v1/commands/" + name(command, Samples.commands()), written);
        assertThat(CommandCodec.decode(golden)).isEqualTo(Samples.envelope(command));
        assertThat(lines(written)).isEqualTo(lines(golden));
    }

    @Test
    void everyTypeOfEventHasReleasedBytesInEveryVersion() throws IOException {
        SortedMap<String, Integer> newest = new TreeMap<>();
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(FOLDER)) {
            for (Path file : files.filter(each -> each.toString().matches(".*/events/.*\\.hex")).toList()) {
                EventRecord record = EventRecord.parseFrom(bytes(Files.readString(file)));
                newest.merge(EventSchema.typeName(record), record.getSchemaVersion(), Math::max);
                found.add(EventSchema.typeName(record) + " " + record.getSchemaVersion());
            }
        }
        assertThat(newest).isEqualTo(EventSchema.known());
        newest.forEach((type, version) -> {
            for (int each = 1; each <= version; each++) {
                assertThat(found).contains(type + " " + each);
            }
        });
    }

    @Test
    void noReleasedFileWasChangedOrLost() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(FOLDER)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                all.append(FOLDER.relativize(file)).append('\n').append(Files.readString(file));
            }
        }
        assertThat(EventCodec.hash(all.toString().getBytes(StandardCharsets.UTF_8)))
                .as("if files were added and none was changed, this is the new value of RELEASED").isEqualTo(RELEASED);
    }

    @Test
    void theHashOfAReleasedRecordIsPinnedBecauseItsSuccessorNamesIt() throws IOException {
        byte[] golden = golden("v1/events/SandboxAssigned", new byte[0]);
        assertThat(EventCodec.hash(golden)).isEqualTo(
                "45ddb420f583f808360c3b38682d6a88234a9cf2277a60686034ce9a072629e4");
        assertThat(EventCodec.hash(EventCodec.encode(EventCodec.decode(golden)))).isEqualTo(EventCodec.hash(golden));
    }

    /** The type's name, with a number from the second sample of a type on. */
    private static String name(Object sample, List<?> all) {
        long earlier = all.subList(0, all.indexOf(sample)).stream().filter(other -> other.getClass() == sample.getClass()).count();
        return sample.getClass().getSimpleName() + (earlier == 0 ? "" : "-" + (earlier + 1));
    }

    private static byte[] golden(String name, byte[] written) throws IOException {
        String resource = "/golden/" + name + ".hex";
        try (InputStream in = GoldenBytesTest.class.getResourceAsStream(resource)) {
            if (in != null) {
                return bytes(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
            }
        }
        if (Boolean.getBoolean("golden.add")) {
            Path file = Path.of("src/test/resources" + resource);
            Files.createDirectories(file.getParent());
            Files.writeString(file, lines(written), StandardOpenOption.CREATE_NEW);
            return written;
        }
        throw new AssertionError("no " + resource + "; run once with -Dgolden.add=true and commit the file");
    }

    private static byte[] bytes(String lines) {
        return HexFormat.of().parseHex(lines.replaceAll("\\s", ""));
    }

    private static String lines(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bytes.length; i += BYTES_PER_LINE) {
            text.append(HexFormat.of().formatHex(bytes, i, Math.min(bytes.length, i + BYTES_PER_LINE))).append('\n');
        }
        return text.toString();
    }
}
