package io.openshell.gateway.grpc;

import io.openshell.gateway.auth.Caller;
import io.openshell.model.StreamId;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.settings.EffectiveSettings;
import io.openshell.model.settings.SettingKey;
import io.openshell.model.settings.Settings;
import io.openshell.model.settings.SettingsCommand;
import io.openshell.projection.past.Views;
import io.openshell.projection.sandboxes.SandboxView;
import io.openshell.wire.sandbox.v1.EffectiveSetting;
import io.openshell.wire.sandbox.v1.GetGatewayConfigRequest;
import io.openshell.wire.sandbox.v1.GetGatewayConfigResponse;
import io.openshell.wire.sandbox.v1.SettingScope;
import io.openshell.wire.sandbox.v1.SettingValue;
import io.openshell.wire.v1.UpdateConfigRequest;
import io.openshell.wire.v1.UpdateConfigResponse;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/** The part of the configuration calls that is about settings. */
final class SettingsCalls {

    private final Commands commands;
    private final ViewSource views;

    SettingsCalls(Commands commands, ViewSource views) {
        this.commands = commands;
        this.views = views;
    }

    /** Changes or deletes a setting of every sandbox. */
    CompletionStage<UpdateConfigResponse> updateGateway(UpdateConfigRequest request, Caller caller) {
        if (request.getExpectedResourceVersion() != 0) {
            throw Refusal.invalid("the gateway's settings take no expected version");
        }
        Optional<io.openshell.model.settings.SettingValue> value = wanted(request);
        boolean present = views.now().settings().gatewaySettings().values().containsKey(request.getSettingKey());
        return commands.submit(caller, StreamId.settings(),
                        new SettingsCommand.ChangeGatewaySetting(request.getSettingKey(), value))
                .thenApply(applied -> answer(views.now().settings().gatewaySettings(), value.isEmpty() && present));
    }

    /** Changes or deletes a setting of one sandbox. */
    CompletionStage<UpdateConfigResponse> update(UpdateConfigRequest request, Caller caller, SandboxView view) {
        Optional<io.openshell.model.settings.SettingValue> value = wanted(request);
        boolean present = view.state().settings().values().containsKey(request.getSettingKey());
        return commands.submit(caller, StreamId.sandbox(view.workspace(), view.name()),
                        new SandboxCommand.ChangeSetting(request.getSettingKey(), value))
                .thenApply(applied -> answer(views.now().sandboxes().find(view.workspace(), view.name())
                        .map(now -> now.state().settings()).orElse(Settings.NONE), value.isEmpty() && present));
    }

    private static UpdateConfigResponse answer(Settings settings, boolean deleted) {
        return UpdateConfigResponse.newBuilder().setSettingsRevision(settings.revision()).setDeleted(deleted).build();
    }

    private static Optional<io.openshell.model.settings.SettingValue> wanted(UpdateConfigRequest request) {
        if (request.getAnnotationsCount() > 0) {
            throw Refusal.invalid("a setting takes no annotations");
        }
        if (request.getDeleteSetting()) {
            return Optional.empty();
        }
        return Optional.of(switch (request.getSettingValue().getValueCase()) {
            case BOOL_VALUE -> new io.openshell.model.settings.SettingValue.Flag(request.getSettingValue().getBoolValue());
            case STRING_VALUE -> new io.openshell.model.settings.SettingValue.Word(request.getSettingValue().getStringValue());
            case INT_VALUE, BYTES_VALUE -> throw Refusal.invalid("no setting is a number or bytes");
            case VALUE_NOT_SET -> throw Refusal.invalid("setting_value or delete_setting is required");
        });
    }

    static GetGatewayConfigResponse gateway(GetGatewayConfigRequest request, Views views) {
        Settings settings = views.settings().gatewaySettings();
        GetGatewayConfigResponse.Builder response = GetGatewayConfigResponse.newBuilder()
                .setSettingsRevision(settings.revision());
        for (SettingKey key : SettingKey.values()) {
            response.putSettings(key.key(), settings.find(key).map(SettingsCalls::message).orElse(SettingValue.getDefaultInstance()));
        }
        return response.build();
    }

    /** Every setting there is, with the value that counts in the sandbox, if any, and where that comes from. */
    static Map<String, EffectiveSetting> effective(SandboxView view, Views views) {
        EffectiveSettings effective = new EffectiveSettings(views.settings().gatewaySettings(), view.state().settings());
        Map<String, EffectiveSetting> all = new TreeMap<>();
        for (SettingKey key : SettingKey.values()) {
            EffectiveSetting.Builder message = EffectiveSetting.newBuilder().setScope(switch (effective.scope(key)) {
                case GATEWAY -> SettingScope.SETTING_SCOPE_GLOBAL;
                case SANDBOX -> SettingScope.SETTING_SCOPE_SANDBOX;
                case DEFAULT -> SettingScope.SETTING_SCOPE_UNSPECIFIED;
            });
            effective.find(key).ifPresent(value -> message.setValue(message(value)));
            all.put(key.key(), message.build());
        }
        return all;
    }

    private static SettingValue message(io.openshell.model.settings.SettingValue value) {
        return switch (value) {
            case io.openshell.model.settings.SettingValue.Flag flag -> SettingValue.newBuilder().setBoolValue(flag.on()).build();
            case io.openshell.model.settings.SettingValue.Word word -> SettingValue.newBuilder().setStringValue(word.word()).build();
        };
    }
}
