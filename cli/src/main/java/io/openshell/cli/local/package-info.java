/** The gateway of this machine: starting it once, finding it, stopping it. */
@NullMarked
package io.openshell.cli.local;

import org.jspecify.annotations.NullMarked;
