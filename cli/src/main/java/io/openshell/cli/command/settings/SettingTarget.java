package io.openshell.cli.command.settings;

import io.openshell.cli.command.Agreement;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.wire.v1.UpdateConfigRequest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which setting is changed, and for whom. */
final class SettingTarget {
    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Sandbox (default: the one used last).")
    @Nullable String name;

    @Option(names = "--key", paramLabel = "KEY", required = true, description = "The setting.")
    String key = "";

    @Option(names = "--global", description = "For every sandbox, whatever is set for it.")
    boolean global;

    @Option(names = "--yes", description = "Do not ask.")
    boolean yes;

    /** Asks whether a change for every sandbox is meant, before anything else is done. */
    void agree(CliContext context) {
        if (global) {
            Agreement.noName(name);
            Agreement.require(context, yes, "Change '" + key + "' for every sandbox?");
        }
    }

    /** A change of this setting; what becomes of it is still to be said. */
    UpdateConfigRequest.Builder change(Session session) {
        UpdateConfigRequest.Builder request = UpdateConfigRequest.newBuilder().setGlobal(global).setSettingKey(key);
        return global ? request : request.setName(session.nameOr(name)).setWorkspace(session.workspace());
    }
}
