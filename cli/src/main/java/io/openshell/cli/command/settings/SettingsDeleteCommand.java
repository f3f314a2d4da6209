package io.openshell.cli.command.settings;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.command.Agreement;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.wire.v1.UpdateConfigRequest;
import io.openshell.wire.v1.UpdateConfigResponse;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code settings delete}. */
@Command(name = "delete", description = "Sets a setting no longer, for one sandbox or with --global for every sandbox.")
public final class SettingsDeleteCommand implements Callable<Integer> {
    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Sandbox (default: the one used last).")
    @Nullable String name;

    @Option(names = "--key", paramLabel = "KEY", required = true, description = "The setting.")
    String key = "";

    @Option(names = "--global", description = "For every sandbox, whatever is set for it.")
    boolean global;

    @Option(names = "--yes", description = "Do not ask.")
    boolean yes;

    SettingsDeleteCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (global) {
            Agreement.noName(name);
            Agreement.require(context, yes, "Change '" + key + "' for every sandbox?");
        }
        UpdateConfigRequest.Builder request = UpdateConfigRequest.newBuilder().setGlobal(global).setSettingKey(key).setDeleteSetting(true);
        Session session = context.session();
        String sandbox = global ? "" : session.nameOr(name);
        if (!global) {
            request.setName(sandbox).setWorkspace(session.workspace());
        }
        UpdateConfigResponse answer = session.client().call(Rpc.UPDATE_CONFIG, request.build());
        session.printer().note(answer.getDeleted() ? "✓ " + key + " is set no longer" : "! " + key + " was not set");
        return ExitCodes.OK;
    }
}
