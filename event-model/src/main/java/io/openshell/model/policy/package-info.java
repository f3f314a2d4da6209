/** The policy document (what a sandbox may read, write and reach), its validation, hash and built-in instances. */
@NullMarked
package io.openshell.model.policy;

import org.jspecify.annotations.NullMarked;
