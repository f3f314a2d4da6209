/** The policy document on the wire and as YAML text. */
@NullMarked
package io.openshell.wire.policy;

import org.jspecify.annotations.NullMarked;
