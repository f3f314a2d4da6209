package io.openshell.cli.command.sandbox;

import io.openshell.cli.command.Group;
import io.openshell.cli.command.GroupCommand;
import picocli.CommandLine.Command;

/** Creates, shows, enters and ends sandboxes. */
@Command(name = "sandbox", aliases = "sb", description = "Creates, shows, enters and ends sandboxes.")
@Group({SandboxCreateCommand.class, SandboxGetCommand.class, SandboxListCommand.class, SandboxDeleteCommand.class,
    SandboxStopCommand.class, SandboxStartCommand.class, SandboxExecCommand.class, SandboxProviderCommand.class})
public final class SandboxCommand extends GroupCommand {}
