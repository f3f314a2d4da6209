package io.openshell.cli.command.settings;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.command.Agreement;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.wire.v1.UpdateConfigRequest;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code settings set}. */
@Command(name = "set", description = "Gives a setting a value, for one sandbox or with --global for every sandbox.")
public final class SettingsSetCommand implements Callable<Integer> {
    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Sandbox (default: the one used last).")
    @Nullable String name;

    @Option(names = "--key", paramLabel = "KEY", required = true, description = "The setting.")
    String key = "";

    @Option(names = "--value", paramLabel = "VALUE", required = true, description = "Its value.")
    String value = "";

    @Option(names = "--global", description = "For every sandbox, whatever is set for it.")
    boolean global;

    @Option(names = "--yes", description = "Do not ask.")
    boolean yes;

    SettingsSetCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (global) {
            Agreement.noName(name);
            Agreement.require(context, yes, "Change '" + key + "' for every sandbox?");
        }
        UpdateConfigRequest.Builder request = UpdateConfigRequest.newBuilder().setGlobal(global).setSettingKey(key).setSettingValue(SettingText.parse(key, value));
        Session session = context.session();
        String sandbox = global ? "" : session.nameOr(name);
        if (!global) {
            request.setName(sandbox).setWorkspace(session.workspace());
        }
        session.client().call(Rpc.UPDATE_CONFIG, request.build());
        session.printer().note("✓ " + key + " = " + SettingText.text(SettingText.parse(key, value)) + (global ? " for every sandbox" : " for sandbox '" + sandbox + "'"));
        return ExitCodes.OK;
    }
}
