package io.openshell.bench.log;

import io.openshell.log.kafka.ClientFile;
import io.openshell.log.kafka.KafkaSettings;
import java.nio.file.Path;

/**
 * One read of a log by a process with nothing in memory. Arguments: {@code views} or {@code map}, the bootstrap servers, the
 * file with client settings, the snapshot's file. Prints what it came to and ends.
 */
public final class StartMain {
    private StartMain() {}

    /** Prints {@code LIVE VERSIONS}, or the number of records. */
    public static void main(String[] arguments) {
        KafkaSettings log = new KafkaSettings(arguments[1], (short) 1, ClientFile.read(Path.of(arguments[2])));
        if (arguments[0].equals("map")) {
            System.out.println(LogRead.map(log));
        } else {
            Shown shown = LogRead.views(log, Path.of(arguments[3]), false);
            System.out.println(shown.live() + " " + shown.versions());
        }
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }
}
