package io.openshell.proxy;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Says where an address that passed the destination check is really dialled; a test network maps it elsewhere. */
@FunctionalInterface
public interface Dialer {
    /** Dials exactly the checked address. */
    Dialer DIRECT = InetSocketAddress::new;

    /**
     * Gives the socket address to connect to. Called on an event loop; must not block or look anything up.
     *
     * @param checked an address that passed the check
     * @param port the port asked for
     * @return where to connect, resolved
     */
    InetSocketAddress socketAddress(InetAddress checked, int port);
}
