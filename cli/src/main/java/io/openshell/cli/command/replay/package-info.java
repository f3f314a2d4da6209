/** Incident files, and whether what is served is what the events say. */
@NullMarked
package io.openshell.cli.command.replay;

import org.jspecify.annotations.NullMarked;
