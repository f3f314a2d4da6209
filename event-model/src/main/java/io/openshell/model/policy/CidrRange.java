package io.openshell.model.policy;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** A block of addresses: a network and the number of leading bits that count. Immutable. */
public final class CidrRange {
    private static final byte[] MAPPED_PREFIX = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff};

    private final byte[] network;
    private final int prefix;

    private CidrRange(byte[] network, int prefix) {
        this.network = network;
        this.prefix = prefix;
    }

    /** Reads {@code address} or {@code address/bits}; empty when the text is neither. Never looks up a name. */
    public static Optional<CidrRange> parse(String text) {
        int slash = text.indexOf('/');
        Optional<byte[]> address = IpLiteral.bytes(slash < 0 ? text : text.substring(0, slash));
        if (address.isEmpty()) {
            return Optional.empty();
        }
        byte[] written = address.get();
        byte[] network = unmapped(written);
        int dropped = (written.length - network.length) * Byte.SIZE;
        int prefix = slash < 0 ? network.length * Byte.SIZE : bits(text.substring(slash + 1)) - dropped;
        if (prefix < 0 || prefix > network.length * Byte.SIZE) {
            return Optional.empty();
        }
        return Optional.of(new CidrRange(network, prefix));
    }

    /** Whether an address lies in this block; an IPv4-mapped IPv6 address counts as the IPv4 address. */
    public boolean contains(InetAddress address) {
        return contains(address.getAddress());
    }

    /** As {@link #contains(InetAddress)}, for 4 or 16 bytes. */
    public boolean contains(byte[] raw) {
        byte[] address = unmapped(raw);
        return address.length == network.length && samePrefix(address, network, prefix);
    }

    /** Whether both blocks share an address. */
    public boolean overlaps(CidrRange other) {
        return network.length == other.network.length && samePrefix(network, other.network, Math.min(prefix, other.prefix));
    }

    /** The IPv4 form of an IPv4-mapped IPv6 address, any other address as it is. */
    public static byte[] unmapped(byte[] address) {
        boolean mapped = address.length == 16 && Arrays.equals(address, 0, 12, MAPPED_PREFIX, 0, 12);
        return mapped ? Arrays.copyOfRange(address, 12, 16) : address;
    }

    private static boolean samePrefix(byte[] left, byte[] right, int bits) {
        int whole = bits / Byte.SIZE;
        if (!Arrays.equals(left, 0, whole, right, 0, whole)) {
            return false;
        }
        int rest = bits % Byte.SIZE;
        int mask = 0xff << (Byte.SIZE - rest) & 0xff;
        return rest == 0 || (left[whole] & mask) == (right[whole] & mask);
    }

    private static int bits(String text) {
        boolean digits = !text.isEmpty() && text.length() <= 3 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? Integer.parseInt(text) : -1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CidrRange that && prefix == that.prefix && Arrays.equals(network, that.network);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(network) + prefix;
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(network) + "/" + prefix;
    }
}
