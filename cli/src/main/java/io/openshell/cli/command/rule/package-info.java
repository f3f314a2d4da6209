/** Rules proposed because of denials. */
@NullMarked
package io.openshell.cli.command.rule;

import org.jspecify.annotations.NullMarked;
