package io.openshell.model.egress;

import java.net.InetAddress;
import java.util.List;

/** Outcome of the check of resolved addresses. */
public sealed interface DestinationVerdict {
    /**
     * The connection may go to these addresses and to no others; they must not be looked up again.
     *
     * @param addresses every resolved address, in the given order
     */
    record Accepted(List<InetAddress> addresses) implements DestinationVerdict {
        public Accepted {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * The connection must not be opened.
     *
     * @param code stable code
     * @param kind short text for the reply's detail
     */
    record Blocked(ReasonCode code, String kind) implements DestinationVerdict {}
}
