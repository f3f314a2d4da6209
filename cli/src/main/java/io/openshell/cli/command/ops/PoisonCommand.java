package io.openshell.cli.command.ops;

import io.openshell.cli.command.Group;
import io.openshell.cli.command.GroupCommand;
import picocli.CommandLine.Command;

/** {@code ops poison}. */
@Command(name = "poison", synopsisSubcommandLabel = "COMMAND",
        description = "Records of the log that cannot be read or applied, and the streams they stopped.")
@Group({PoisonListCommand.class, PoisonSkipCommand.class})
public final class PoisonCommand extends GroupCommand {}
