package io.openshell.cli.command.settings;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.command.Agreement;
import io.openshell.cli.command.AsOfOption;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.cli.output.OutputFormat;
import io.openshell.wire.sandbox.v1.EffectiveSetting;
import io.openshell.wire.sandbox.v1.GetGatewayConfigRequest;
import io.openshell.wire.sandbox.v1.GetGatewayConfigResponse;
import io.openshell.wire.sandbox.v1.GetSandboxConfigRequest;
import io.openshell.wire.sandbox.v1.GetSandboxConfigResponse;
import io.openshell.wire.sandbox.v1.SettingScope;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code settings get}: what counts in a sandbox, or what is set for all of them. */
@Command(name = "get", description = "Shows what counts in a sandbox, or with --global what is set for every sandbox.")
public final class SettingsGetCommand implements Callable<Integer> {
    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Sandbox (default: the one used last).")
    @Nullable String name;

    @Option(names = "--global", description = "What is set for every sandbox.")
    boolean global;

    @Option(names = "--json", description = "As JSON.")
    boolean json;

    @Mixin
    AsOfOption asOf = new AsOfOption();

    SettingsGetCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (global) {
            Agreement.noName(name);
        }
        Session session = asOf.on(context.session());
        String sandbox = global ? "" : session.nameOr(name);
        Map<String, EffectiveSetting> settings = new TreeMap<>(global ? ofGateway(session) : ofSandbox(session, sandbox));
        if (json) {
            context.printer().document(OutputFormat.json, document(sandbox, settings));
        } else {
            StringBuilder text = new StringBuilder(global ? "Settings of every sandbox:\n" : "Settings of sandbox " + sandbox + ":\n");
            settings.forEach((key, each) ->
                    text.append(SettingText.line(key, each.getValue(), SettingText.scope(each.getScope()))));
            context.printer().data(text.toString());
        }
        return ExitCodes.OK;
    }

    private static Map<String, EffectiveSetting> ofGateway(Session session) {
        GetGatewayConfigResponse config = session.client().call(Rpc.GATEWAY_CONFIG, GetGatewayConfigRequest.getDefaultInstance());
        Map<String, EffectiveSetting> settings = new TreeMap<>();
        config.getSettingsMap().forEach((key, value) -> settings.put(key, EffectiveSetting.newBuilder().setValue(value)
                .setScope(SettingText.text(value) == null
                        ? SettingScope.SETTING_SCOPE_UNSPECIFIED : SettingScope.SETTING_SCOPE_GLOBAL).build()));
        return settings;
    }

    private static Map<String, EffectiveSetting> ofSandbox(Session session, String sandbox) {
        GetSandboxConfigResponse config = session.client().call(Rpc.CONFIG, GetSandboxConfigRequest.newBuilder()
                .setSandboxId(session.sandbox(sandbox).getMetadata().getId()).build());
        return config.getSettingsMap();
    }

    private Map<String, @Nullable Object> document(String sandbox, Map<String, EffectiveSetting> settings) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        settings.forEach((key, each) -> {
            Map<String, @Nullable Object> value = new LinkedHashMap<>();
            value.put("value", SettingText.text(each.getValue()));
            value.put("scope", SettingText.scope(each.getScope()));
            values.put(key, value);
        });
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("scope", global ? "global" : "sandbox");
        document.put("sandbox", global ? null : sandbox);
        document.put("settings", values);
        return document;
    }
}
