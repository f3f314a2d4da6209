/** Decisions of the egress proxies, read back from the activity log. */
@NullMarked
package io.openshell.projection.verdicts;

import org.jspecify.annotations.NullMarked;
