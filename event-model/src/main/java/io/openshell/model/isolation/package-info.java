/** What was enforced around a sandbox: one report per layer. */
@NullMarked
package io.openshell.model.isolation;

import org.jspecify.annotations.NullMarked;
