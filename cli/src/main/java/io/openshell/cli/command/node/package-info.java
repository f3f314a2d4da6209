/** {@code node}: the hosts that run sandboxes. */
@NullMarked
package io.openshell.cli.command.node;

import org.jspecify.annotations.NullMarked;
