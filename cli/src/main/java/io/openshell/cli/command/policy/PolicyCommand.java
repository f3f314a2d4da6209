package io.openshell.cli.command.policy;

import io.openshell.cli.command.Group;
import io.openshell.cli.command.GroupCommand;
import picocli.CommandLine.Command;

/** Shows and changes what a sandbox may do. */
@Command(name = "policy", aliases = "pol", description = "Shows and changes what a sandbox may do.")
@Group({PolicySetCommand.class, PolicyUpdateCommand.class, PolicyGetCommand.class, PolicyListCommand.class,
    PolicyDeleteCommand.class, PolicyRollbackCommand.class, PolicyCheckCommand.class, PolicyWhatIfCommand.class, PolicyLearnedCommand.class})
public final class PolicyCommand extends GroupCommand {}
