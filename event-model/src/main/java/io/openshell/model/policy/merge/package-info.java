/** Changes of a policy by small operations that never grant more than they say. */
@NullMarked
package io.openshell.model.policy.merge;

import org.jspecify.annotations.NullMarked;
