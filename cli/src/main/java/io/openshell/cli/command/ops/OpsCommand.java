package io.openshell.cli.command.ops;

import io.openshell.cli.command.GroupCommand;
import picocli.CommandLine.Command;

/** {@code ops}. */
@Command(name = "ops", description = "Looks after the gateway's log.", synopsisSubcommandLabel = "COMMAND",
        subcommands = {PoisonCommand.class})
public final class OpsCommand extends GroupCommand {}
