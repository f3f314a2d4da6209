package io.openshell.ops.drill;

import io.openshell.log.kafka.KafkaSettings;
import java.util.List;

/** The brokers of a drill, each a process of its own. One thread at a time. */
public interface Brokers extends AutoCloseable {

    /** Starts them and returns once they take connections. */
    void start();

    /** How their log is reached. */
    KafkaSettings settings();

    /** What a gateway is told about them on its command line. */
    List<String> gatewayArguments();

    /** Ends one as a crash does. */
    void crash();

    /** Starts the one that was ended and returns once it takes connections. */
    void restart();

    @Override
    void close();
}
