/** A whole gateway to test against: its own process, its own folders and port, a host to talk to, and the command line. */
@NullMarked
package io.openshell.testkit;

import org.jspecify.annotations.NullMarked;
