/** {@code ops}: looking after the gateway's log. */
@NullMarked
package io.openshell.cli.command.ops;

import org.jspecify.annotations.NullMarked;
