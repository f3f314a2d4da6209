package io.openshell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.openshell.cli.StandInGateway.Reply;
import io.openshell.wire.sandbox.v1.EffectiveSetting;
import io.openshell.wire.sandbox.v1.GetGatewayConfigResponse;
import io.openshell.wire.sandbox.v1.GetSandboxConfigResponse;
import io.openshell.wire.sandbox.v1.SettingScope;
import io.openshell.wire.sandbox.v1.SettingValue;
import io.openshell.wire.v1.EditDraftChunkRequest;
import io.openshell.wire.v1.EditDraftChunkResponse;
import io.openshell.wire.v1.Sandbox;
import io.openshell.wire.v1.SandboxResponse;
import io.openshell.wire.v1.UpdateConfigRequest;
import io.openshell.wire.v1.UpdateConfigResponse;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command line says and sends about settings, and about editing a proposal. */
class SettingsCommandsTest {
    private static final String ENABLED = "agent_policy_proposals_enabled";
    private static final String MODE = "proposal_approval_mode";

    @TempDir
    Path folder;

    private CliRun cli;
    private StandInGateway gateway;
    private final AtomicReference<UpdateConfigRequest> sent = new AtomicReference<>(UpdateConfigRequest.getDefaultInstance());
    private final AtomicReference<EditDraftChunkRequest> edited = new AtomicReference<>(EditDraftChunkRequest.getDefaultInstance());

    @BeforeEach
    void prepare() throws IOException {
        cli = new CliRun(folder);
        Files.createDirectories(cli.socket().getParent());
        gateway = new StandInGateway(UnixDomainSocketAddress.of(cli.socket()));
        gateway.on("UpdateConfig", this::update).on("EditDraftChunk", this::edit)
                .on("GetSandbox", request -> Reply.of(SandboxResponse.newBuilder().setSandbox(Sandbox.getDefaultInstance()).build()))
                .on("GetGatewayConfig", request -> Reply.of(GetGatewayConfigResponse.newBuilder()
                        .putSettings(MODE, SettingValue.newBuilder().setStringValue("auto").build())
                        .putSettings(ENABLED, SettingValue.getDefaultInstance()).build()))
                .on("GetSandboxConfig", request -> Reply.of(GetSandboxConfigResponse.newBuilder()
                        .putSettings(MODE, EffectiveSetting.newBuilder().setScope(SettingScope.SETTING_SCOPE_GLOBAL)
                                .setValue(SettingValue.newBuilder().setStringValue("auto")).build())
                        .putSettings(ENABLED, EffectiveSetting.newBuilder().setScope(SettingScope.SETTING_SCOPE_SANDBOX)
                                .setValue(SettingValue.newBuilder().setBoolValue(true)).build()).build()));
    }

    @AfterEach
    void stop() throws IOException {
        gateway.close();
    }

    private Reply update(byte[] request) {
        try {
            sent.set(UpdateConfigRequest.parseFrom(request));
            return Reply.of(UpdateConfigResponse.newBuilder().setDeleted(true).build());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    private Reply edit(byte[] request) {
        try {
            edited.set(EditDraftChunkRequest.parseFrom(request));
            return Reply.of(EditDraftChunkResponse.getDefaultInstance());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void everySettingIsShownWithWhereItComesFrom() {
        assertThat(cli.run("settings", "get", "work").out()).contains("  " + MODE + " = auto (global)\n", "  " + ENABLED + " = true (sandbox)\n");
        assertThat(cli.run("settings", "get", "--global").out()).contains("  " + MODE + " = auto (global)\n", "  " + ENABLED + " = <unset> (unset)\n");
        assertThat(cli.run("settings", "get", "work", "--json").out()).contains("\"scope\": \"sandbox\"", "\"value\": \"auto\"");
        assertThat(cli.run("settings", "get", "work", "--global").exitCode()).isEqualTo(ExitCodes.USAGE);
    }

    @Test
    void aFlagMayBeWrittenInTheUsualWaysAndGoesOutAsOne() {
        assertThat(cli.run("settings", "set", "work", "--key", ENABLED, "--value", "On").exitCode()).isZero();
        assertThat(sent.get().getName()).isEqualTo("work");
        assertThat(sent.get().getSettingValue().getBoolValue()).isTrue();
        assertThat(cli.run("settings", "set", "work", "--key", ENABLED, "--value", "0").exitCode()).isZero();
        assertThat(sent.get().getSettingValue().getValueCase()).isEqualTo(SettingValue.ValueCase.BOOL_VALUE);
        assertThat(sent.get().getSettingValue().getBoolValue()).isFalse();
        sent.set(UpdateConfigRequest.getDefaultInstance());
        assertThat(cli.run("settings", "set", "work", "--key", ENABLED, "--value", "maybe").exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(sent.get()).isEqualTo(UpdateConfigRequest.getDefaultInstance());
    }

    @Test
    void whatConcernsEverySandboxNeedsAYes() {
        assertThat(cli.run("settings", "set", "--global", "--key", MODE, "--value", "auto").exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(sent.get()).isEqualTo(UpdateConfigRequest.getDefaultInstance());
        assertThat(cli.run("settings", "set", "--global", "--key", MODE, "--value", "auto", "--yes").exitCode()).isZero();
        assertThat(sent.get().getGlobal()).isTrue();
        assertThat(sent.get().getSettingValue().getStringValue()).isEqualTo("auto");
        assertThat(cli.run("settings", "delete", "--global", "--key", MODE, "--yes").err()).contains("is set no longer");
        assertThat(sent.get().getDeleteSetting()).isTrue();
    }

    @Test
    void aProposalIsEditedWithTheOnlyRuleOfAFile() throws IOException {
        String one = Files.writeString(folder.resolve("one.yaml"), """
                version: 1
                network_policies:
                  narrower: { endpoints: [{ host: a.example.com, port: 443 }], binaries: [{ path: /usr/bin/git }] }
                """).toString();
        assertThat(cli.run("rule", "edit", "work", "--chunk-id", "c1", "--policy", one).exitCode()).isZero();
        assertThat(edited.get().getChunkId()).isEqualTo("c1");
        assertThat(edited.get().getProposedRule().getBinaries(0).getPath()).isEqualTo("/usr/bin/git");
        String none = Files.writeString(folder.resolve("none.yaml"), "version: 1\n").toString();
        assertThat(cli.run("rule", "edit", "work", "--chunk-id", "c1", "--policy", none).err()).contains("one is needed");
    }
}
