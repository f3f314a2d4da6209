package io.openshell.model.policy;

import java.util.List;
import java.util.stream.Stream;

/** The address blocks no policy can open: this host, link-local with cloud metadata, unspecified and multicast addresses. */
public final class BlockedRanges {
    private static final List<CidrRange> ALL = Stream.of(
            "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4",
            "::/128", "::1/128", "fe80::/10", "ff00::/8",
            // The IPv6 form of the cloud metadata address; it lies in the private block but must never be reachable.
            "fd00:ec2::254/128").map(text -> CidrRange.parse(text).orElseThrow()).toList();

    private BlockedRanges() {}

    /** Whether an address of 4 or 16 bytes lies in a blocked range. */
    public static boolean contains(byte[] address) {
        return ALL.stream().anyMatch(range -> range.contains(address));
    }

    /** Whether a range shares any address with a blocked one. */
    public static boolean overlap(CidrRange range) {
        return ALL.stream().anyMatch(range::overlaps);
    }
}
