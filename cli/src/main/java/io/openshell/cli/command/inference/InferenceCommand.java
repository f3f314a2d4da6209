package io.openshell.cli.command.inference;

import io.openshell.cli.command.Group;
import io.openshell.cli.command.GroupCommand;
import picocli.CommandLine.Command;

/** {@code inference}. */
@Command(name = "inference", synopsisSubcommandLabel = "COMMAND",
        description = "Which model answers at https://inference.local in sandboxes.")
@Group({InferenceSetCommand.class, InferenceUpdateCommand.class, InferenceGetCommand.class, InferenceDeleteCommand.class})
public final class InferenceCommand extends GroupCommand {}
