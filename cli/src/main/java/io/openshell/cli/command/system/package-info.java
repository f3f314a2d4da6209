/** Commands that stand alone: status, logs, history, completions. */
@NullMarked
package io.openshell.cli.command.system;

import org.jspecify.annotations.NullMarked;
