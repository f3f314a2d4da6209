package io.openshell.projection.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.log.LogRecord;
import io.openshell.log.Position;
import io.openshell.model.Outcome;
import io.openshell.model.history.StateFacts;
import io.openshell.wire.events.EventCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole small histories as released gateways wrote them, each with the state it led to. Whatever is changed in events, codecs
 * or folds, these must lead there still: such logs exist. The files are never changed; {@link #CORPUS} says so in a place that no
 * run of a build writes to. A new history is added to {@link Histories} and written by one run with {@code -Dhistories.add=true}.
 */
class HistoryCorpusTest {
    /** SHA-256 over all files of the corpus in the order of their names. */
    private static final String CORPUS = "c3855901e50f78d4567860a4e1b2856fc1902e67792940d1e1bf6f8e4e9db6f0";

    private static final Path FOLDER = Path.of("src/test/resources/histories");
    private static final int HEX_PER_LINE = 120;

    static Stream<String> names() throws IOException {
        add();
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString()).filter(file -> file.endsWith(".events"))
                    .map(file -> file.substring(0, file.length() - ".events".length())).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void aReleasedHistoryLeadsWhereItLed(String name) throws IOException {
        EventFold fold = new EventFold();
        fold.onRecords(read(name));
        assertThat(text(fold)).isEqualTo(Files.readString(FOLDER.resolve(name + ".state")));
    }

    @ParameterizedTest
    @MethodSource("names")
    void aReleasedHistoryIsWrittenTheSameToday(String name) throws IOException {
        for (LogRecord record : read(name)) {
            byte[] again;
            try {
                again = EventCodec.encode(EventCodec.decode(record.value()));
            } catch (io.openshell.wire.events.UndecodableRecord set) {
                continue; // such records are in the corpus for being unreadable
            }
            assertThat(again).as("%s", record).isEqualTo(record.value());
        }
    }

    @Test
    void noFileOfTheCorpusWasChangedOrLost() throws IOException {
        names();
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.sorted(Comparator.comparing(Path::getFileName)).toList()) {
                all.append(file.getFileName()).append('\n').append(Files.readString(file));
            }
        }
        assertThat(EventCodec.hash(all.toString().getBytes(StandardCharsets.UTF_8)))
                .as("if histories were added and none was changed, this is the new value of CORPUS").isEqualTo(CORPUS);
    }

    private static void add() throws IOException {
        if (!Boolean.getBoolean("histories.add")) {
            return;
        }
        Files.createDirectories(FOLDER);
        for (Map.Entry<String, List<LogRecord>> each : Histories.all().entrySet()) {
            Path events = FOLDER.resolve(each.getKey() + ".events");
            if (!Files.exists(events)) {
                EventFold fold = new EventFold();
                fold.onRecords(each.getValue());
                Files.writeString(events, written(each.getValue()), StandardOpenOption.CREATE_NEW);
                Files.writeString(FOLDER.resolve(each.getKey() + ".state"), text(fold), StandardOpenOption.CREATE_NEW);
            }
        }
    }

    /** One record: its key on a line, its bytes on indented ones. */
    private static String written(List<LogRecord> records) {
        StringBuilder text = new StringBuilder();
        for (LogRecord record : records) {
            text.append(record.key()).append('\n');
            String hex = HexFormat.of().formatHex(record.value());
            for (int i = 0; i < hex.length(); i += HEX_PER_LINE) {
                text.append("  ").append(hex, i, Math.min(hex.length(), i + HEX_PER_LINE)).append('\n');
            }
        }
        return text.toString();
    }

    private static List<LogRecord> read(String name) {
        List<LogRecord> records = new ArrayList<>();
        try {
            String key = "";
            StringBuilder hex = new StringBuilder();
            for (String line : Files.readAllLines(FOLDER.resolve(name + ".events"))) {
                if (line.startsWith("  ")) {
                    hex.append(line.strip());
                } else {
                    take(records, key, hex);
                    key = line;
                    hex.setLength(0);
                }
            }
            take(records, key, hex);
            return records;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void take(List<LogRecord> records, String key, CharSequence hex) {
        if (!key.isEmpty()) {
            records.add(new LogRecord(new Position(0, records.size()), Instant.ofEpochSecond(1_700_000_000L + records.size()), key,
                    HexFormat.of().parseHex(hex)));
        }
    }

    /** All that a fold knows, line by line. */
    private static String text(EventFold fold) {
        StringBuilder text = new StringBuilder();
        fold.image().all().stream().sorted(Comparator.comparing(each -> each.stream().toString())).forEach(state -> {
            text.append(state.stream()).append(" at version ").append(state.version()).append(", ").append(state.lastHash()).append('\n');
            StateFacts.of(state.state()).forEach((path, value) -> text.append("  ").append(path).append(" = ").append(value).append('\n'));
            state.recent().entries().forEach(each -> text.append("  command ").append(each.id().value()).append(": ")
                    .append(outcome(each.outcome())).append('\n'));
        });
        return text.append(fold.poison().stream().map(found -> "stopped: " + found.stream() + " at version " + found.version()
                + (found.newer() ? ", newer: " : ": ") + found.reason() + "\n").collect(Collectors.joining())).toString();
    }

    private static String outcome(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Applied applied -> "applied up to version " + applied.version();
            case Outcome.Refused refused -> "refused, " + refused.rejection().code();
        };
    }
}
