package io.openshell.model.egress;

import io.openshell.model.policy.BlockedRanges;
import io.openshell.model.policy.CidrRange;
import java.util.Arrays;
import java.util.List;

/** The address blocks behind {@link AddressClass}. */
final class AddressTable {
    private static final List<CidrRange> INTERNAL = ranges(
            "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
            "fc00::/7", "fec0::/10", "100::/64", "2001::/32", "2001:db8::/32");
    private static final CidrRange NAT64 = CidrRange.parse("64:ff9b::/96").orElseThrow();
    private static final CidrRange NAT64_LOCAL = CidrRange.parse("64:ff9b:1::/48").orElseThrow();
    private static final CidrRange SIX_TO_FOUR = CidrRange.parse("2002::/16").orElseThrow();
    private static final CidrRange V4_COMPATIBLE = CidrRange.parse("::/96").orElseThrow();

    private AddressTable() {}

    static AddressClass classify(byte[] raw) {
        byte[] address = CidrRange.unmapped(raw);
        AddressClass own = listed(address);
        if (address.length == 4 || own == AddressClass.ALWAYS_BLOCKED) {
            return own;
        }
        if (NAT64.contains(address)) {
            return own.atLeast(classify(Arrays.copyOfRange(address, 12, 16)));
        }
        if (SIX_TO_FOUR.contains(address)) {
            return AddressClass.INTERNAL.atLeast(classify(Arrays.copyOfRange(address, 2, 6)));
        }
        if (NAT64_LOCAL.contains(address) || V4_COMPATIBLE.contains(address)) {
            return AddressClass.INTERNAL.atLeast(classify(Arrays.copyOfRange(address, 12, 16)));
        }
        return own;
    }

    private static AddressClass listed(byte[] address) {
        if (BlockedRanges.contains(address)) {
            return AddressClass.ALWAYS_BLOCKED;
        }
        return INTERNAL.stream().anyMatch(range -> range.contains(address)) ? AddressClass.INTERNAL : AddressClass.PUBLIC;
    }

    private static List<CidrRange> ranges(String... texts) {
        return Arrays.stream(texts).map(text -> CidrRange.parse(text).orElseThrow()).toList();
    }
}
