package io.openshell.cli.command.policy;

import io.openshell.cli.command.GroupCommand;
import picocli.CommandLine.Command;

/** Shows and changes what a sandbox may do. */
@Command(name = "policy", aliases = "pol", description = "Shows and changes what a sandbox may do.",
        subcommands = {PolicySetCommand.class, PolicyGetCommand.class, PolicyListCommand.class})
public final class PolicyCommand extends GroupCommand {}
