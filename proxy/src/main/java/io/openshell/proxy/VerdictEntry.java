package io.openshell.proxy;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * One decision to be recorded.
 *
 * @param finding what was decided
 * @param ask about what, as far as it could be read
 * @param by who asked, once that is known
 * @param decisionId unique id, also in the answer to the client
 * @param addresses what the host resolved to; empty when that was not looked up for this decision
 */
record VerdictEntry(
        Finding finding, Optional<Ask> ask, Optional<Identified.Known> by, String decisionId, List<InetAddress> addresses) {
    VerdictEntry {
        addresses = List.copyOf(addresses);
    }

    VerdictEntry(Finding finding, Optional<Ask> ask, Optional<Identified.Known> by, String decisionId) {
        this(finding, ask, by, decisionId, List.of());
    }
}
