package io.openshell.proxy;

import java.time.Duration;
import java.util.Objects;

/**
 * Every bound and deadline of one proxy.
 *
 * @param connections how many client connections may be open at once; one more gets a 503
 * @param head how long a client may take to send its request head
 * @param identification how long finding the caller may take
 * @param resolution how long a name look-up may take
 * @param dial how long connecting may take, all addresses of a host together
 * @param handshake how long TLS with one side may take to begin
 * @param idle how long a tunnel may stay without a byte in either direction
 * @param swap how long {@link EgressProxy#swap} and {@link EgressProxy#close} wait for connections to be gone
 */
public record ProxyLimits(
        int connections,
        Duration head,
        Duration identification,
        Duration resolution,
        Duration dial,
        Duration handshake,
        Duration idle,
        Duration swap) {
    /** The limits of a production proxy. */
    public static final ProxyLimits STANDARD = new ProxyLimits(
            1024,
            Duration.ofSeconds(30),
            Duration.ofSeconds(2),
            Duration.ofSeconds(6),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofMinutes(30),
            Duration.ofSeconds(5));

    /** Refuses bounds that are not positive. */
    public ProxyLimits {
        if (connections < 1) {
            throw new IllegalArgumentException("connections must be positive");
        }
        requirePositive(head, "head");
        requirePositive(identification, "identification");
        requirePositive(resolution, "resolution");
        requirePositive(dial, "dial");
        requirePositive(handshake, "handshake");
        requirePositive(idle, "idle");
        requirePositive(swap, "swap");
    }

    private static void requirePositive(Duration duration, String name) {
        Objects.requireNonNull(duration, name);
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(name + " must be positive");
        }
    }
}
