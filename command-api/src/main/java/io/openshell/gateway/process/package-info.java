/** A gateway as a process: its parts in the order they start, its files, its end. */
@NullMarked
package io.openshell.gateway.process;

import org.jspecify.annotations.NullMarked;
