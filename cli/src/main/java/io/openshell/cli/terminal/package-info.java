/** The user's terminal: whether there is one, its size, raw mode. */
@NullMarked
package io.openshell.cli.terminal;

import org.jspecify.annotations.NullMarked;
