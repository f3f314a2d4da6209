package io.openshell.gateway.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the archive is, in a small file: the log's id, then a line {@code PARTITION OFFSET} each. A file that is lost, damaged or of
 * another log costs time only, since what is appended again stands there once. One thread; blocks.
 */
final class ArchivePositions {

    private static final Logger LOG = LoggerFactory.getLogger(ArchivePositions.class);
    private final Path file;
    private final String logId;

    ArchivePositions(Path file, String logId) {
        this.file = file;
        this.logId = logId;
    }

    /** The offset to go on at, per partition; empty means from the beginning. */
    Map<Integer, Long> read() {
        Map<Integer, Long> positions = new TreeMap<>();
        try {
            List<String> lines = Files.readAllLines(file);
            if (lines.isEmpty() || !lines.getFirst().equals(logId)) {
                return Map.of();
            }
            for (String line : lines.subList(1, lines.size())) {
                String[] parts = line.split(" ");
                positions.put(Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
            }
            return positions;
        } catch (NoSuchFileException e) {
            return Map.of();
        } catch (IOException | RuntimeException e) {
            LOG.warn("how far the archive is cannot be read, it is compared from the beginning: file={} reason={}", file, e.toString());
            return Map.of();
        }
    }

    /** Keeps them; what cannot be written is written with the next ones. */
    void write(Map<Integer, Long> positions) {
        List<String> lines = new ArrayList<>(List.of(logId));
        positions.forEach((partition, offset) -> lines.add(partition + " " + offset));
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.write(fresh, lines);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warn("how far the archive is cannot be written: file={} reason={}", file, e.toString());
        }
    }
}
