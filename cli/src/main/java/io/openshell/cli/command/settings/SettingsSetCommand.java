package io.openshell.cli.command.settings;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.wire.sandbox.v1.SettingValue;
import io.openshell.wire.v1.UpdateConfigRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code settings set}. */
@Command(name = "set", description = "Gives a setting a value, for one sandbox or with --global for every sandbox.")
public final class SettingsSetCommand implements Callable<Integer> {
    private final CliContext context;

    @Mixin
    SettingTarget target = new SettingTarget();

    @Option(names = "--value", paramLabel = "VALUE", required = true, description = "Its value.")
    String value = "";

    SettingsSetCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        target.agree(context);
        SettingValue parsed = SettingText.parse(target.key, value);
        Session session = context.session();
        UpdateConfigRequest request = target.change(session).setSettingValue(parsed).build();
        session.client().call(Rpc.UPDATE_CONFIG, request);
        session.printer().note("✓ " + target.key + " = " + SettingText.text(parsed)
                + (target.global ? " for every sandbox" : " for sandbox '" + request.getName() + "'"));
        return ExitCodes.OK;
    }
}
