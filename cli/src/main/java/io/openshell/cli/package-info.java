/** The command line: what a person types, turned into calls on a gateway and readable answers. */
@NullMarked
package io.openshell.cli;

import org.jspecify.annotations.NullMarked;
