package io.openshell.ops.drill;

import io.openshell.log.kafka.BrokerStartFailed;
import io.openshell.log.kafka.EmbeddedBroker;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Properties;

/** A broker in a process of its own: arguments are its directory, its two ports and the file for client settings. */
public final class BrokerMain {

    private BrokerMain() {}

    /** Runs until the process ends. */
    public static void main(String[] arguments) throws BrokerStartFailed, IOException {
        EmbeddedBroker broker = EmbeddedBroker.start(
                Path.of(arguments[0]), Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
        Properties settings = new Properties();
        settings.putAll(broker.settings().security());
        Path file = Path.of(arguments[3]);
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (Writer out = Files.newBufferedWriter(fresh)) {
            settings.store(out, null);
        }
        Files.move(fresh, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "broker-end"));
    }
}
