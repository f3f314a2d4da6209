package io.openshell.cli.command.sandbox;

import io.openshell.cli.command.Group;
import io.openshell.cli.command.GroupCommand;
import picocli.CommandLine.Command;

/** {@code sandbox provider}. */
@Command(name = "provider", synopsisSubcommandLabel = "COMMAND", description = "Providers whose credentials a sandbox may use.")
@Group({SandboxProviderListCommand.class, SandboxProviderAttachCommand.class, SandboxProviderDetachCommand.class})
public final class SandboxProviderCommand extends GroupCommand {}
