package io.openshell.proxy;

import io.openshell.model.egress.DestinationPlan;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Where one exchange stands. Each state is also the order to whoever drives it to do the thing it is named after. */
sealed interface ConnectState {
    /** Waiting for a complete head. */
    record AwaitingHead() implements ConnectState {}

    /** The caller is to be found. */
    record Identifying(Ask ask) implements ConnectState {}

    /** The host is to be looked up, once. */
    record Resolving(Grant grant, DestinationPlan plan) implements ConnectState {}

    /** One of exactly these addresses is to be connected to. */
    record Dialing(Grant grant, List<InetAddress> addresses) implements ConnectState {
        public Dialing {
            addresses = List.copyOf(addresses);
        }
    }

    /** Traffic may flow. */
    record Relaying(Grant grant) implements ConnectState {}

    /** It is over; who asked is known only once identification was through. */
    record Refused(Refusal refusal, Optional<Ask> ask, Optional<Identified.Known> by, long generation)
            implements ConnectState {}
}
