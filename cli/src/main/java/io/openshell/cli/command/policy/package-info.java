/** One class per policy command. */
@NullMarked
package io.openshell.cli.command.policy;

import org.jspecify.annotations.NullMarked;
