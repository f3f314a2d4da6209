package io.openshell.agent.capture;

import io.openshell.agent.linux.Fd;
import java.util.List;

/**
 * What one sandbox's network namespace was given to see direct attempts; descriptors of the agent, -1 where there is none.
 *
 * @param queue packets that were held
 * @param streams listener of captured streams
 * @param names datagram socket of policy DNS
 * @param nameStreams listener of policy DNS
 * @param absent why there are none; empty when all are there
 */
public record CaptureSockets(int queue, int streams, int names, int nameStreams, String absent) {
    /** Of a namespace that was left as it is. */
    public static CaptureSockets none(String why) {
        return new CaptureSockets(-1, -1, -1, -1, why);
    }

    /** Whether direct attempts are seen. */
    public boolean present() {
        return absent.isEmpty();
    }

    /** Closes all; for those that nobody has taken over. */
    public void close() {
        List.of(queue, streams, names, nameStreams).forEach(Fd::close);
    }
}
