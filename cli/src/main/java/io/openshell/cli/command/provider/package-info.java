/** {@code provider}: credentials that sandboxes use without seeing them. */
@NullMarked
package io.openshell.cli.command.provider;

import org.jspecify.annotations.NullMarked;
