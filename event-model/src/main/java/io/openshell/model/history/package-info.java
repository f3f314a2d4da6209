/** What can be told of events and states without asking anybody: one-line summaries, facts, and what differs. */
@NullMarked
package io.openshell.model.history;

import org.jspecify.annotations.NullMarked;
