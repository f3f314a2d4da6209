package io.openshell.cli.command;

import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Asks before something that concerns every sandbox. */
public final class Agreement {

    private Agreement() {}

    /**
     * Returns once a person agreed.
     *
     * @param given whether that was said on the command line
     * @throws CliException when nobody agrees, or nobody can be asked
     */
    public static void require(CliContext context, boolean given, String question) {
        if (given) {
            return;
        }
        if (!context.terminal().stdin()) {
            throw new CliException("this changes every sandbox; say --yes where nobody can be asked.", ExitCodes.USAGE);
        }
        context.printer().note(question + " [y/N]");
        if (!answer(context).strip().toLowerCase(Locale.ROOT).matches("y|yes")) {
            throw new CliException("nothing was changed.");
        }
    }

    private static String answer(CliContext context) {
        try {
            String line = new BufferedReader(new InputStreamReader(context.in(), StandardCharsets.UTF_8)).readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            throw new CliException("the answer cannot be read: " + e.getMessage());
        }
    }

    /** The name for a request about every sandbox; there must be none on the command line. */
    public static String noName(@org.jspecify.annotations.Nullable String name) {
        if (name != null) {
            throw new CliException("--global and a sandbox exclude each other.", ExitCodes.USAGE);
        }
        return "";
    }
}
