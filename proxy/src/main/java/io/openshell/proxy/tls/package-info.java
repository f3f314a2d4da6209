/** Certificates: those a sandbox's proxy makes, and those it believes. No sockets, no decisions. */
@NullMarked
package io.openshell.proxy.tls;

import org.jspecify.annotations.NullMarked;
