package io.openshell.cli;

import io.openshell.cli.output.Printer;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one line what is wrong with a command line, and in a second how to go on; the whole help would hide it. */
final class UsageErrors implements IParameterExceptionHandler {
    private final Printer printer;

    UsageErrors(Printer printer) {
        this.printer = printer;
    }

    @Override
    public int handleParseException(ParameterException mistake, String[] line) {
        CommandSpec command = mistake.getCommandLine().getCommandSpec();
        printer.note("error: " + sentence(mistake, command) + suggestion(mistake));
        printer.note("`" + command.qualifiedName() + " --help` shows what it takes.");
        return ExitCodes.USAGE;
    }

    private static String sentence(ParameterException mistake, CommandSpec command) {
        if (mistake instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
            String word = unmatched.getUnmatched().get(0);
            return command.subcommands().isEmpty()
                    ? "'" + word + "' is one argument too many."
                    : "there is no command '" + command.qualifiedName() + " " + word + "'.";
        }
        String message = String.valueOf(mistake.getMessage()).replace(" (case-insensitive)", "");
        return message.substring(0, 1).toLowerCase(java.util.Locale.ROOT) + message.substring(1)
                + (message.endsWith(".") ? "" : ".");
    }

    private static String suggestion(ParameterException mistake) {
        List<String> near = mistake instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        return near.isEmpty() ? "" : " Did you mean " + String.join(" or ", near.subList(0, Math.min(3, near.size()))) + "?";
    }
}
