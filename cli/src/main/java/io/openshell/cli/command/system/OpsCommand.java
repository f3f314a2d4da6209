package io.openshell.cli.command.system;

import io.openshell.cli.command.Group;
import io.openshell.cli.command.GroupCommand;
import io.openshell.cli.command.ops.PoisonCommand;
import io.openshell.cli.command.ops.TopicsCommand;
import picocli.CommandLine.Command;

/** {@code ops}: work on a gateway. */
@Command(name = "ops", description = "Work on a gateway.")
@Group({TopicsCommand.class, PoisonCommand.class, OpsRebuildCommand.class})
public final class OpsCommand extends GroupCommand {}
