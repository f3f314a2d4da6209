/** Calls to a gateway: gRPC-Web over a plain socket for everything but live input, gRPC over HTTP/2 for that. */
@NullMarked
package io.openshell.cli.client;

import org.jspecify.annotations.NullMarked;
