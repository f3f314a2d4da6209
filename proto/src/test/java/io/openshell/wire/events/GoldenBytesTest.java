package io.openshell.wire.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.Command;
import io.openshell.model.Event;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
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

    static Stream<Event> events() {
        return Samples.events().stream();
    }

    static Stream<Command> commands() {
        return Samples.commands().stream();
    }

    @ParameterizedTest
    @MethodSource("events")
    void releasedEventsReadAndWriteTheSame(Event event) throws IOException {
        byte[] written = EventCodec.encode(Samples.envelope(event));
        byte[] golden = golden("events/" + name(event, Samples.events()), written);
        assertThat(EventCodec.decode(golden)).isEqualTo(Samples.envelope(event));
        assertThat(lines(written)).isEqualTo(lines(golden));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void releasedCommandsReadAndWriteTheSame(Command command) throws IOException {
        byte[] written = CommandCodec.encode(Samples.envelope(command));
        byte[] golden = golden("commands/" + name(command, Samples.commands()), written);
        assertThat(CommandCodec.decode(golden)).isEqualTo(Samples.envelope(command));
        assertThat(lines(written)).isEqualTo(lines(golden));
    }

    @Test
    void theHashOfAReleasedRecordIsPinnedBecauseItsSuccessorNamesIt() throws IOException {
        byte[] golden = golden("events/SandboxAssigned", new byte[0]);
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
        String resource = "/golden/v1/" + name + ".hex";
        try (InputStream in = GoldenBytesTest.class.getResourceAsStream(resource)) {
            if (in != null) {
                return HexFormat.of().parseHex(new String(in.readAllBytes(), StandardCharsets.US_ASCII).replaceAll("\\s", ""));
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

    private static String lines(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bytes.length; i += BYTES_PER_LINE) {
            text.append(HexFormat.of().formatHex(bytes, i, Math.min(bytes.length, i + BYTES_PER_LINE))).append('\n');
        }
        return text.toString();
    }
}
