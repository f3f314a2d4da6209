package io.openshell.cli.command.rule;

import io.openshell.cli.command.Group;
import io.openshell.cli.command.GroupCommand;
import picocli.CommandLine.Command;

/** Rules that denials suggest: looking at them and deciding. */
@Command(name = "rule", aliases = "rl", description = "Shows rules that denials suggest, and decides about them.")
@Group({RuleGetCommand.class, RuleApproveCommand.class, RuleRejectCommand.class, RuleApproveAllCommand.class, RuleEditCommand.class,
    RuleUndoCommand.class, RuleClearCommand.class, RuleHistoryCommand.class})
public final class RuleCommand extends GroupCommand {}
