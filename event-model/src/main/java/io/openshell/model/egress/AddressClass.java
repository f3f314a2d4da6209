package io.openshell.model.egress;

import java.net.InetAddress;

/** How far an address can be trusted as a destination; ordered from harmless to never acceptable. */
public enum AddressClass {
    /** Globally routable. */
    PUBLIC,
    /** Private, shared, documentation, benchmark or reserved: only for hosts a policy names. */
    INTERNAL,
    /** Loopback, link-local (cloud metadata), unspecified and multicast: never. */
    ALWAYS_BLOCKED;

    /** The class of an address. Addresses that carry an IPv4 address are at least as restricted as that one. */
    public static AddressClass of(InetAddress address) {
        return AddressTable.classify(address.getAddress());
    }

    AddressClass atLeast(AddressClass other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
