/** The global policy, as it can be read. */
@NullMarked
package io.openshell.projection.policy;

import org.jspecify.annotations.NullMarked;
