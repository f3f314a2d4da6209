/** The global policy: one policy instead of every sandbox's own, its commands, events, state and decider. */
@NullMarked
package io.openshell.model.global;

import org.jspecify.annotations.NullMarked;
