/** Incident files: everything about some sandboxes, to be looked at anywhere. Nothing in here can act on a sandbox. */
@NullMarked
package io.openshell.wire.replay;

import org.jspecify.annotations.NullMarked;
