package io.openshell.cli.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Flags that every command takes, before or after its name. */
public final class GlobalOptions {
    @Option(names = {"-g", "--gateway"}, scope = ScopeType.INHERIT, paramLabel = "NAME",
            description = "Registered gateway to use.")
    @Nullable String gateway;

    @Option(names = "--gateway-endpoint", scope = ScopeType.INHERIT, paramLabel = "URL",
            description = "Talk to this address without a registration.")
    @Nullable String endpoint;

    @Option(names = "--gateway-insecure", scope = ScopeType.INHERIT,
            description = "Accept any server certificate.")
    boolean insecure;

    @Option(names = "--workspace", scope = ScopeType.INHERIT, paramLabel = "NAME",
            description = "Workspace of the sandbox (default: default).")
    @Nullable String workspace;

    @Option(names = {"-v", "--verbose"}, scope = ScopeType.INHERIT, description = "Say more; repeat for even more.")
    boolean[] verbose = new boolean[0];

    @Option(names = {"-h", "--help"}, scope = ScopeType.INHERIT, usageHelp = true, description = "Show this help.")
    boolean help;

    @Option(names = {"-V", "--version"}, scope = ScopeType.INHERIT, versionHelp = true, description = "Show the version.")
    boolean version;
}
