package io.openshell.cli.command.node;

import io.openshell.cli.command.Group;
import io.openshell.cli.command.GroupCommand;
import picocli.CommandLine.Command;

/** {@code node}. */
@Command(name = "node", synopsisSubcommandLabel = "COMMAND", description = "The hosts that run sandboxes.")
@Group({NodeListCommand.class, NodeGetCommand.class})
public final class NodeCommand extends GroupCommand {}
