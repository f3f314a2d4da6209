/** One class per sandbox command. */
@NullMarked
package io.openshell.cli.command.sandbox;

import org.jspecify.annotations.NullMarked;
