package io.openshell.cli.command.system;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.command.CliContext;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code completions}: a script that teaches a shell the commands and flags. */
@Command(name = "completions", description = "Prints a completion script for a shell.")
public final class CompletionsCommand implements Callable<Integer> {
    private final CliContext context;

    @Spec
    CommandSpec spec;

    @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
    Shell shell = Shell.bash;

    CompletionsCommand(CliContext context) {
        this.context = context;
    }

    /** Shells that can be taught. */
    enum Shell {
        bash, zsh, fish
    }

    @Override
    public Integer call() {
        CommandLine root = spec.root().commandLine();
        context.printer().data(switch (shell) {
            // The script switches zsh into its bash-compatible mode by itself.
            case bash, zsh -> AutoComplete.bash("openshell", root);
            case fish -> fish(root);
        });
        return ExitCodes.OK;
    }

    private static String fish(CommandLine root) {
        StringBuilder out = new StringBuilder("complete -c openshell -f\n");
        commands(out, root, List.of());
        return out.toString();
    }

    private static void commands(StringBuilder out, CommandLine at, List<String> path) {
        Map<String, CommandLine> visible = new TreeMap<>();
        at.getSubcommands().values().forEach(one -> visible.put(one.getCommandName(), one));
        String names = String.join(" ", visible.keySet());
        String condition = path.isEmpty() ? "__fish_use_subcommand"
                : "__fish_seen_subcommand_from " + path.get(path.size() - 1)
                        + "; and not __fish_seen_subcommand_from " + names;
        visible.forEach((name, command) -> {
            String[] description = command.getCommandSpec().usageMessage().description();
            out.append("complete -c openshell -n '").append(condition).append("' -a ").append(name).append(" -d '")
                    .append(description.length == 0 ? "" : description[0].replace("'", "\\'")).append("'\n");
            if (path.isEmpty() && !command.getSubcommands().isEmpty()) {
                commands(out, command, List.of(name));
            }
        });
    }
}
