package io.openshell.agent.capture;

import io.openshell.agent.runtime.DirectAttempt.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/** Who sent a packet to whom, read from its first bytes. Pure. */
record Packet(Transport transport, InetSocketAddress from, InetSocketAddress to) {
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int V6_HEADER = 40;

    /** Empty for what is no IP packet or is cut short. */
    static Optional<Packet> parse(byte[] b) {
        int version = b.length == 0 ? 0 : (b[0] & 0xf0) >> 4;
        try {
            if (version == 4 && b.length >= 20) {
                int header = (b[0] & 0xf) * 4;
                boolean first = (unsigned(b, 6) & 0x1fff) == 0;
                return Optional.of(of(b, first ? b[9] & 0xff : 0, header, 12, 4));
            }
            if (version == 6 && b.length >= V6_HEADER) {
                return Optional.of(of(b, b[6] & 0xff, V6_HEADER, 8, 16));
            }
            return Optional.empty();
        } catch (UnknownHostException wrongLength) {
            return Optional.empty();
        }
    }

    private static Packet of(byte[] b, int protocol, int header, int addresses, int length) throws UnknownHostException {
        boolean ports = (protocol == TCP || protocol == UDP) && b.length >= header + 4;
        Transport transport = !ports ? Transport.OTHER : protocol == TCP ? Transport.TCP : Transport.UDP;
        return new Packet(transport, end(b, addresses, length, ports ? unsigned(b, header) : 0),
                end(b, addresses + length, length, ports ? unsigned(b, header + 2) : 0));
    }

    private static InetSocketAddress end(byte[] b, int at, int length, int port) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByAddress(Arrays.copyOfRange(b, at, at + length)), port);
    }

    private static int unsigned(byte[] b, int at) {
        return (b[at] & 0xff) << 8 | b[at + 1] & 0xff;
    }
}
