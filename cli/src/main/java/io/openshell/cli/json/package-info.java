/** JSON and YAML text of plain maps, lists and scalars, without loading a library at start-up. */
@NullMarked
package io.openshell.cli.json;

import org.jspecify.annotations.NullMarked;
