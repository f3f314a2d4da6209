package io.openshell.log.kafka;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/**
 * Which partition a stream lives in. Commands and events must agree on it, so it is computed here and not left to a
 * client's default, which a configuration or a release could change. The formula can never change: it is in the data.
 */
final class Partitions {
    private Partitions() {}

    static int of(String stream, int count) {
        return (Utils.murmur2(stream.getBytes(StandardCharsets.UTF_8)) & 0x7fffffff) % count;
    }
}
