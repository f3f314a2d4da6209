/** What a node does next about one sandbox, as data. Pure: no I/O, no clock, no randomness. */
@NullMarked
package io.openshell.agent.plan;

import org.jspecify.annotations.NullMarked;
