/** Strict reading and writing of HTTP/1 heads and bodies, without sockets and without decisions. */
@NullMarked
package io.openshell.proxy.http;

import org.jspecify.annotations.NullMarked;
