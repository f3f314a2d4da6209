/** {@code inference}: which model answers at {@code inference.local} in sandboxes. */
@NullMarked
package io.openshell.cli.command.inference;

import org.jspecify.annotations.NullMarked;
