/** Log lines and verdicts of sandboxes. */
@NullMarked
package io.openshell.projection.logs;

import org.jspecify.annotations.NullMarked;
