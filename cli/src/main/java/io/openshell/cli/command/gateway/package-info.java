/** One class per gateway command. */
@NullMarked
package io.openshell.cli.command.gateway;

import org.jspecify.annotations.NullMarked;
