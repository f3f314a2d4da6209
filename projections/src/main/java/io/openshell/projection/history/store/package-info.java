/** The events once more, in a SQLite file that plain SQL can ask. Derived: deleted and fed again from the log at any time. */
@NullMarked
package io.openshell.projection.history.store;

import org.jspecify.annotations.NullMarked;
