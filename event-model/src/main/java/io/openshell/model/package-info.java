/** The vocabulary every aggregate shares: commands, events, decisions, and who asked for what when. */
@NullMarked
package io.openshell.model;

import org.jspecify.annotations.NullMarked;
