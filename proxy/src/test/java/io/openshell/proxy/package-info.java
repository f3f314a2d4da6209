/** Tests of the egress proxy over real loopback sockets. */
@NullMarked
package io.openshell.proxy;

import org.jspecify.annotations.NullMarked;
