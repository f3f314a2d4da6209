package io.openshell.gateway.session;

import io.openshell.gateway.grpc.Refusal;
import io.openshell.gateway.grpc.RequestRules;
import io.openshell.wire.v1.ExecSandboxRequest;
import java.nio.charset.StandardCharsets;

/** What an exec request must look like. Pure; every violation is a {@link Refusal}. */
final class ExecRules {

    private static final int MOST_ARGUMENTS = 1_024;
    private static final int LONGEST_ARGUMENT = 32 * 1_024;
    private static final int LONGEST_WORKDIR = 4_096;
    private static final int LARGEST_COMMAND = 256 * 1_024;

    private ExecRules() {}

    static void check(ExecSandboxRequest request) {
        require(!request.getSandboxId().isEmpty(), "sandbox_id is required");
        require(request.getCommandCount() > 0 && !request.getCommand(0).isEmpty(), "command is required");
        require(request.getCommandCount() <= MOST_ARGUMENTS, "a command may have at most 1024 arguments");
        int total = 0;
        for (String argument : request.getCommandList()) {
            int bytes = argument.getBytes(StandardCharsets.UTF_8).length;
            require(bytes <= LONGEST_ARGUMENT, "an argument may have at most 32768 bytes");
            require(argument.indexOf('\0') < 0, "an argument contains a NUL");
            total += bytes + 1;
        }
        require(total <= LARGEST_COMMAND, "a command may have at most 262144 bytes");
        require(request.getWorkdir().length() <= LONGEST_WORKDIR, "workdir may have at most 4096 characters");
        require(isOneLine(request.getWorkdir()), "workdir contains a line break or NUL");
        RequestRules.environment(request.getEnvironmentMap());
        request.getEnvironmentMap().forEach((key, value) ->
                require(isOneLine(value), "environment variable " + key + " contains a line break or NUL"));
    }

    private static boolean isOneLine(String text) {
        return text.chars().noneMatch(c -> c == '\r' || c == '\n' || c == 0);
    }

    private static void require(boolean condition, String sentence) {
        if (!condition) {
            throw Refusal.invalid(sentence);
        }
    }
}
