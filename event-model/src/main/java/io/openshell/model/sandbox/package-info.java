/** The sandbox aggregate: its commands, events, states and the decider between them. */
@NullMarked
package io.openshell.model.sandbox;

import org.jspecify.annotations.NullMarked;
