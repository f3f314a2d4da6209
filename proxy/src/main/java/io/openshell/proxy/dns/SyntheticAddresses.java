package io.openshell.proxy.dns;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which synthetic address stands for which name, of one sandbox: as long as a name is asked for it keeps its address. Holds at most
 * {@link #MOST} names; when all are in use there is none for another. Times are nanoseconds of a clock that only goes forward. Thread
 * safe.
 */
public final class SyntheticAddresses {
    /** Names at once: the addresses 198.18.0.1 to 198.18.3.254. */
    public static final int MOST = 1022;

    private static final byte[] BASE = {(byte) 198, 18, 0, 0};

    /**
     * What stands behind an address.
     *
     * @param generation of the policy that allowed it
     * @param pinned where it may really go, by port
     * @param until when it ends
     */
    public record Mapping(String name, long generation, Map<Integer, List<InetAddress>> pinned, long until) {
        /** Keeps a copy. */
        public Mapping {
            pinned = Map.copyOf(pinned);
        }
    }

    /** Where a connection to an address goes. */
    public sealed interface Found {
        /** To one of these and nowhere else. */
        record Pinned(String name, List<InetAddress> addresses) implements Found {}

        /** Nowhere. The name is empty when the address never stood for one. */
        record Nowhere(String name, String why) implements Found {}
    }

    private final Map<String, Integer> numbers = new HashMap<>();
    /** The one that was asked for longest ago first. */
    private final Map<Integer, Mapping> mappings = new LinkedHashMap<>();

    /** Gives the name an address, or lengthens the time of the one it has; empty when all are in use. */
    public synchronized Optional<Inet4Address> assign(Mapping mapping, long now) {
        Integer number = numbers.get(mapping.name());
        if (number == null) {
            number = mappings.size() < MOST ? mappings.size() : freed(now);
        }
        if (number < 0) {
            return Optional.empty();
        }
        numbers.put(mapping.name(), number);
        mappings.remove(number);
        mappings.put(number, mapping);
        return Optional.of(address(number + 1));
    }

    private int freed(long now) {
        var oldest = mappings.entrySet().iterator().next();
        if (now - oldest.getValue().until() < 0) {
            return -1;
        }
        numbers.remove(oldest.getValue().name());
        return oldest.getKey();
    }

    /** Where a connection to this address and port goes under this generation of the policy. */
    public synchronized Found find(InetAddress address, int port, long generation, long now) {
        Mapping mapping = mappings.get(number(address));
        if (mapping == null) {
            return new Found.Nowhere("", "mapping_missing: policy DNS gave this address to no name");
        }
        if (mapping.generation() != generation) {
            return new Found.Nowhere(mapping.name(), "mapping_stale_policy: the policy changed after the name was looked up");
        }
        if (now - mapping.until() >= 0) {
            return new Found.Nowhere(mapping.name(), "mapping_expired: the name was looked up too long ago");
        }
        List<InetAddress> pinned = mapping.pinned().get(port);
        return pinned == null || pinned.isEmpty()
                ? new Found.Nowhere(mapping.name(), "port_mismatch: the name is not allowed for this port")
                : new Found.Pinned(mapping.name(), pinned);
    }

    private static int number(InetAddress address) {
        byte[] raw = address.getAddress();
        boolean own = raw.length == 4 && raw[0] == BASE[0] && raw[1] == BASE[1] && (raw[2] & 0xfc) == 0;
        return own ? ((raw[2] & 0xff) << 8 | raw[3] & 0xff) - 1 : -1;
    }

    private static Inet4Address address(int number) {
        try {
            return (Inet4Address) InetAddress.getByAddress(new byte[] {BASE[0], BASE[1], (byte) (number >> 8), (byte) number});
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
