package io.openshell.model.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.Aggregates;
import io.openshell.model.CommandRejected;
import io.openshell.model.Contexts;
import io.openshell.model.DeciderFixture;
import io.openshell.model.Event;
import io.openshell.model.RejectionCode;
import io.openshell.model.StreamId;
import io.openshell.model.Surroundings;
import io.openshell.model.global.GlobalPolicy;
import io.openshell.model.sandbox.LiveSandbox;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.model.sandbox.SandboxState;
import io.openshell.model.settings.SettingsCommand.ChangeGatewaySetting;
import io.openshell.model.settings.SettingsEvent.GatewaySettingChanged;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettingsDeciderTest {
    private static final String ENABLED = "agent_policy_proposals_enabled";
    private static final String MODE = "proposal_approval_mode";
    private static final Optional<SettingValue> YES = Optional.of(new SettingValue.Flag(true));
    private static final Optional<SettingValue> AUTO = word("auto");

    private static Optional<SettingValue> word(String word) {
        return Optional.of(new SettingValue.Word(word));
    }

    private static DeciderFixture<SettingsCommand, Settings, SettingsEvent> given(SettingsEvent... history) {
        return DeciderFixture.given(new SettingsDecider(), Contexts.user(), List.of(history));
    }

    @Test
    void aValueIsSetReplacedAndDeletedAndTheSameAgainIsNoEvent() {
        given().when(new ChangeGatewaySetting(ENABLED, YES)).thenEvents(new GatewaySettingChanged(ENABLED, YES));
        given(new GatewaySettingChanged(ENABLED, YES)).when(new ChangeGatewaySetting(ENABLED, YES)).thenUnchanged();
        given(new GatewaySettingChanged(ENABLED, YES)).when(new ChangeGatewaySetting(ENABLED, Optional.empty()))
                .thenEvents(new GatewaySettingChanged(ENABLED, Optional.empty()));
        given().when(new ChangeGatewaySetting(ENABLED, Optional.empty())).thenUnchanged();
        Settings state = given(new GatewaySettingChanged(ENABLED, YES), new GatewaySettingChanged(MODE, AUTO),
                new GatewaySettingChanged(ENABLED, Optional.empty())).state();
        assertThat(state.values()).containsOnlyKeys(MODE);
        assertThat(state.revision()).isEqualTo(3);
    }

    @Test
    void case203AnApprovalModeThatIsNoneIsRefusedForTheGatewayAndForASandbox() {
        given().when(new ChangeGatewaySetting(MODE, AUTO)).thenEvents(new GatewaySettingChanged(MODE, AUTO));
        given().when(new ChangeGatewaySetting(MODE, word("autom"))).thenRefused(RejectionCode.SETTING_INVALID, "manual or auto", "autom");
        given().when(new ChangeGatewaySetting(MODE, YES)).thenRefused(RejectionCode.SETTING_INVALID, "manual or auto", "true");
        SandboxState live = LiveSandbox.ready();
        assertThat(Aggregates.decide(new SandboxCommand.ChangeSetting(MODE, AUTO), live, Contexts.user()))
                .containsExactly(new SandboxEvent.SettingChanged(MODE, AUTO));
        assertThat(code(Aggregates.decide(new SandboxCommand.ChangeSetting(MODE, word("autom")), live, Contexts.user())))
                .isEqualTo(RejectionCode.SETTING_INVALID);
    }

    @Test
    void aFlagTakesNoWordAndAnUnknownKeyIsRefusedWithThoseThereAre() {
        given().when(new ChangeGatewaySetting(ENABLED, word("true"))).thenRefused(RejectionCode.SETTING_INVALID, "true or false");
        given().when(new ChangeGatewaySetting("proposals", YES)).thenRefused(RejectionCode.SETTING_UNKNOWN, ENABLED, MODE);
        given().when(new ChangeGatewaySetting("proposals", Optional.empty())).thenRefused(RejectionCode.SETTING_UNKNOWN);
    }

    @Test
    void aNodeChangesNoSetting() {
        given().by(Contexts.node("n1")).when(new ChangeGatewaySetting(ENABLED, YES)).thenRefused(RejectionCode.REPORTER_NOT_ASSIGNED);
    }

    @Test
    void theGatewaysValueCountsBeforeTheSandboxsAndAnythingButTheWordAutoIsManual() {
        Settings auto = Settings.NONE.with(MODE, AUTO);
        Settings manual = Settings.NONE.with(MODE, word("manual"));
        assertThat(new EffectiveSettings(Settings.NONE, auto).approvesAutomatically()).isTrue();
        assertThat(new EffectiveSettings(manual, auto).approvesAutomatically()).isFalse();
        assertThat(new EffectiveSettings(manual, auto).scope(SettingKey.PROPOSAL_APPROVAL_MODE)).isEqualTo(EffectiveSettings.Scope.GATEWAY);
        assertThat(new EffectiveSettings(Settings.NONE, Settings.NONE).approvesAutomatically()).isFalse();
        assertThat(new EffectiveSettings(Settings.NONE.with(MODE, word("AUTO")), auto).approvesAutomatically()).isFalse();
        assertThat(new EffectiveSettings(Settings.NONE, Settings.NONE).proposalsEnabled()).isFalse();
        assertThat(new EffectiveSettings(Settings.NONE, Settings.NONE.with(ENABLED, YES)).proposalsEnabled()).isTrue();
    }

    @Test
    void whatIsSetForTheGatewayCannotBeChangedForASandbox() {
        SandboxCommand change = new SandboxCommand.ChangeSetting(MODE, word("manual"));
        StreamId stream = StreamId.sandbox("default", "demo");
        Surroundings around = new Surroundings(GlobalPolicy.NONE, Settings.NONE.with(MODE, AUTO));
        assertThat(Aggregates.decide(stream, change, LiveSandbox.ready(), Surroundings.NONE, Contexts.user()).getFirst())
                .isInstanceOf(SandboxEvent.SettingChanged.class);
        assertThat(code(Aggregates.decide(stream, change, LiveSandbox.ready(), around, Contexts.user())))
                .isEqualTo(RejectionCode.SETTING_MANAGED_GLOBALLY);
    }

    private static RejectionCode code(List<Event> events) {
        return ((CommandRejected) events.getFirst()).rejection().code();
    }
}
