/** What happened, and what differs between two points of the log. */
@NullMarked
package io.openshell.cli.command.history;

import org.jspecify.annotations.NullMarked;
