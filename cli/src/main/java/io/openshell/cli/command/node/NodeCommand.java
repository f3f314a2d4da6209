package io.openshell.cli.command.node;

import io.openshell.cli.command.GroupCommand;
import picocli.CommandLine.Command;

/** {@code node}. */
@Command(name = "node", synopsisSubcommandLabel = "COMMAND", description = "The hosts that run sandboxes.",
        subcommands = {NodeListCommand.class, NodeGetCommand.class})
public final class NodeCommand extends GroupCommand {}
