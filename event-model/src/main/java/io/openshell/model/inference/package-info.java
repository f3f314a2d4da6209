/** Which provider and model answer inside sandboxes at {@code inference.local}. */
@NullMarked
package io.openshell.model.inference;

import org.jspecify.annotations.NullMarked;
