package io.openshell.proxy;

import java.net.InetAddress;
import java.util.List;

/** What can happen to an exchange. */
sealed interface ConnectEvent {
    /** The head cannot be served. */
    record Unusable(Reply reply, String reason) implements ConnectEvent {}

    /** The head asks for something. */
    record Asked(Ask ask) implements ConnectEvent {}

    /** The search for the caller ended. */
    record CallerFound(Identified outcome) implements ConnectEvent {}

    /** The host has these addresses. */
    record Resolved(List<InetAddress> addresses) implements ConnectEvent {
        public Resolved {
            addresses = List.copyOf(addresses);
        }
    }

    /** The host has no addresses. */
    record Unresolvable() implements ConnectEvent {}

    /** A checked address answered. */
    record Dialled() implements ConnectEvent {}

    /** No checked address answered. */
    record Undialable(String why) implements ConnectEvent {}

    /** Something broke, or the client left. */
    record Failed(String what) implements ConnectEvent {}
}
