/** How answers look: tables, JSON, YAML, progress lines. */
@NullMarked
package io.openshell.cli.output;

import org.jspecify.annotations.NullMarked;
