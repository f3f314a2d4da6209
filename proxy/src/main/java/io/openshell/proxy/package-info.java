/** The egress proxy of one sandbox: its entry point, its settings and the ports the node agent fills in. */
@NullMarked
package io.openshell.proxy;

import org.jspecify.annotations.NullMarked;
