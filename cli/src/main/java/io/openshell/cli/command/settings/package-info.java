/** Settings of the gateway and of sandboxes. */
@NullMarked
package io.openshell.cli.command.settings;

import org.jspecify.annotations.NullMarked;
