package io.openshell.cli.command.system;

import io.openshell.cli.command.Group;
import io.openshell.cli.command.GroupCommand;
import io.openshell.cli.command.ops.PoisonCommand;
import picocli.CommandLine.Command;

/** {@code ops}: work on a gateway. */
@Command(name = "ops", description = "Work on a gateway.")
@Group({OpsRebuildCommand.class, PoisonCommand.class})
public final class OpsCommand extends GroupCommand {}
