/** Looking back at decisions of the proxy: judging the same request under another policy, and what would have allowed it. */
@NullMarked
package io.openshell.model.review;

import org.jspecify.annotations.NullMarked;
