/** Tells what this host lacks for sandboxes, without a gateway: a program of its own that the command line starts. */
@NullMarked
package io.openshell.agent.doctor;

import org.jspecify.annotations.NullMarked;
