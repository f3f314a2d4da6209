package io.openshell.cli.command.provider;

import io.openshell.cli.command.Group;
import io.openshell.cli.command.GroupCommand;
import picocli.CommandLine.Command;

/** {@code provider profile}. */
@Command(name = "profile", synopsisSubcommandLabel = "COMMAND", description = "What is known about a type of provider.")
@Group(ProviderProfileExportCommand.class)
public final class ProviderProfileCommand extends GroupCommand {}
