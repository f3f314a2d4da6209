package io.openshell.ops.drill;

import io.openshell.log.LogUnavailable;
import io.openshell.log.kafka.ClientFile;
import io.openshell.log.kafka.KafkaSettings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The simulated node in a process of its own: arguments say where the log is, as those of a gateway do. */
public final class NodeMain {

    private NodeMain() {}

    /** Runs until the process is ended; waits for a log that is away. */
    public static void main(String[] arguments) throws InterruptedException {
        List<String> given = Arrays.asList(arguments);
        String bootstrap = given.get(given.indexOf("--kafka") + 1);
        int file = given.indexOf("--kafka-config");
        Map<String, String> client = file < 0 ? Map.of() : ClientFile.read(Path.of(given.get(file + 1)));
        while (true) {
            try (SimulatedNode node = new SimulatedNode(new KafkaSettings(bootstrap, (short) 1, client))) {
                node.await();
            } catch (LogUnavailable away) {
                System.err.println(away.getMessage());
            }
        }
    }
}
