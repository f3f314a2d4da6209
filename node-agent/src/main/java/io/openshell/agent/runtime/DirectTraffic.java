package io.openshell.agent.runtime;

import java.util.Optional;
import java.util.function.Consumer;

/** What a sandbox's programs do without asking the proxy. Thread safe. */
public interface DirectTraffic {
    /** Of a sandbox whose direct attempts nobody sees; they get nowhere all the same. */
    static DirectTraffic unseen(String why) {
        return new DirectTraffic() {
            @Override
            public Optional<String> absent() {
                return Optional.of(why);
            }

            @Override
            public Entries entries() {
                return Entries.NONE;
            }

            @Override
            public void watch(Consumer<DirectAttempt> listener) {}

            @Override
            public void close() {}
        };
    }

    /**
     * Sockets in the sandbox's network namespace that the proxy serves; -1 where there is none.
     *
     * @param streams listens for connections to synthetic addresses, which have that address as their own end
     * @param names datagram socket of policy DNS
     * @param nameStreams listens for policy DNS
     */
    record Entries(int streams, int names, int nameStreams) {
        /** None at all. */
        public static final Entries NONE = new Entries(-1, -1, -1);
    }

    /** Why nothing is seen; empty when direct attempts are seen. */
    Optional<String> absent();

    /** The sockets for the proxy. Given out once: they belong to the caller, later calls get none. */
    Entries entries();

    /** Tells every attempt to {@code listener} before the program is told of its failure. Once; on a thread of its own. */
    void watch(Consumer<DirectAttempt> listener);

    /** Sees no more. Attempts are refused as before. */
    void close();
}
