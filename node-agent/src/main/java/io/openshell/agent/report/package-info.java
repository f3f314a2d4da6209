/** What a node tells the log: reports, which are commands, and the activity of its sandboxes. */
@NullMarked
package io.openshell.agent.report;

import org.jspecify.annotations.NullMarked;
