/** What every command shares: options, the chosen gateway, the chosen sandbox. */
@NullMarked
package io.openshell.cli.command;

import org.jspecify.annotations.NullMarked;
