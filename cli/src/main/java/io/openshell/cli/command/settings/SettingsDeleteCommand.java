package io.openshell.cli.command.settings;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.wire.v1.UpdateConfigResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code settings delete}. */
@Command(name = "delete", description = "Sets a setting no longer, for one sandbox or with --global for every sandbox.")
public final class SettingsDeleteCommand implements Callable<Integer> {
    private final CliContext context;

    @Mixin
    SettingTarget target = new SettingTarget();

    SettingsDeleteCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        target.agree(context);
        Session session = context.session();
        UpdateConfigResponse answer =
                session.client().call(Rpc.UPDATE_CONFIG, target.change(session).setDeleteSetting(true).build());
        session.printer().note(answer.getDeleted() ? "✓ " + target.key + " is set no longer" : "! " + target.key + " was not set");
        return ExitCodes.OK;
    }
}
