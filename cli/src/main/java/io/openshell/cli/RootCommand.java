package io.openshell.cli;

import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.GlobalOptions;
import io.openshell.cli.command.Group;
import io.openshell.cli.command.GroupCommand;
import io.openshell.cli.command.gateway.GatewayCommand;
import io.openshell.cli.command.history.HistoryCommand;
import io.openshell.cli.command.node.NodeCommand;
import io.openshell.cli.command.policy.ExplainCommand;
import io.openshell.cli.command.policy.PolicyCommand;
import io.openshell.cli.command.provider.ProviderCommand;
import io.openshell.cli.command.replay.ReplayCommand;
import io.openshell.cli.command.rule.RuleCommand;
import io.openshell.cli.command.sandbox.SandboxCommand;
import io.openshell.cli.command.settings.SettingsCommand;
import io.openshell.cli.command.system.CompletionsCommand;
import io.openshell.cli.command.system.DoctorCommand;
import io.openshell.cli.command.system.LogsCommand;
import io.openshell.cli.command.system.OpsCommand;
import io.openshell.cli.command.system.StatusCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The root of the command tree. */
@Command(name = "openshell", version = "openshell 0.1.0", synopsisSubcommandLabel = "COMMAND",
        description = "Runs AI agents in sandboxes and remembers everything that happened.",
        footer = {"", "Examples:", "  openshell sandbox create -- claude", "  openshell policy set work --policy p.yaml --wait",
            "  openshell history work"})
@Group({SandboxCommand.class, PolicyCommand.class, ProviderCommand.class, RuleCommand.class, SettingsCommand.class, LogsCommand.class,
    ExplainCommand.class,
    HistoryCommand.class, ReplayCommand.class, GatewayCommand.class, StatusCommand.class, NodeCommand.class, DoctorCommand.class,
    OpsCommand.class, CompletionsCommand.class})
public final class RootCommand extends GroupCommand {
    @Mixin
    private final GlobalOptions globals;

    /** The root over these surroundings; the global flags are written into them. */
    public RootCommand(CliContext context) {
        this.globals = context.options();
    }
}
