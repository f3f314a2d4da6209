/** What the rest of the system sees of the log: keys and bytes in, positioned records out, and no broker types. */
@NullMarked
package io.openshell.log;

import org.jspecify.annotations.NullMarked;
