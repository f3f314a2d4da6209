package io.openshell.testkit;

import com.google.protobuf.ByteString;
import io.openshell.cli.client.GatewayClient;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.client.RpcCode;
import io.openshell.cli.client.RpcException;
import io.openshell.wire.control.v1.FollowMainRequest;
import io.openshell.wire.control.v1.GetHistoryRequest;
import io.openshell.wire.control.v1.HistoryEntry;
import io.openshell.wire.policy.PolicyCodec;
import io.openshell.wire.policy.PolicyParseException;
import io.openshell.wire.policy.PolicyYaml;
import io.openshell.wire.v1.CreateSandboxRequest;
import io.openshell.wire.v1.DeleteSandboxRequest;
import io.openshell.wire.v1.ExecSandboxEvent;
import io.openshell.wire.v1.ExecSandboxRequest;
import io.openshell.wire.v1.GetSandboxLogsRequest;
import io.openshell.wire.v1.GetSandboxPolicyStatusRequest;
import io.openshell.wire.v1.PolicyStatus;
import io.openshell.wire.v1.Sandbox;
import io.openshell.wire.v1.SandboxLogLine;
import io.openshell.wire.v1.SandboxPhase;
import io.openshell.wire.v1.SandboxSpec;
import io.openshell.wire.v1.SandboxTemplate;
import io.openshell.wire.v1.StartSandboxRequest;
import io.openshell.wire.v1.StopSandboxRequest;
import io.openshell.wire.v1.UpdateConfigRequest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What a user does with sandboxes, as calls of the API, each waiting for its effect. */
public final class Sandboxes {

    private static final Duration PHASE_LIMIT = Duration.ofSeconds(60);
    private static final Duration CALL_LIMIT = Duration.ofSeconds(30);

    private final GatewayClient client;

    /** Through this client. */
    public Sandboxes(GatewayClient client) {
        this.client = client;
    }

    /** Asks for a sandbox and does not wait. */
    public Sandbox create(String name, String... command) {
        return client.call(Rpc.CREATE, CreateSandboxRequest.newBuilder().setName(name)
                .setSpec(SandboxSpec.newBuilder().addAllCommand(List.of(command))).build()).getSandbox();
    }

    /** Asks for a sandbox from an image and does not wait. */
    public Sandbox createFrom(String image, String name, String... command) {
        return client.call(Rpc.CREATE, CreateSandboxRequest.newBuilder().setName(name).setSpec(SandboxSpec.newBuilder()
                .setTemplate(SandboxTemplate.newBuilder().setImage(image)).addAllCommand(List.of(command))).build()).getSandbox();
    }

    /** Asks for a sandbox and waits until it is Ready. */
    public Sandbox ready(String name, String... command) {
        create(name, command);
        return await(name, SandboxPhase.SANDBOX_PHASE_READY);
    }

    /** The sandbox as it stands. */
    public Sandbox get(String name) {
        return client.sandbox("default", name);
    }

    /** Whether there is such a sandbox. */
    public boolean exists(String name) {
        try {
            get(name);
            return true;
        } catch (RpcException e) {
            if (e.code() == RpcCode.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    /** Waits for one of these phases. */
    public Sandbox await(String name, SandboxPhase... phases) {
        return await(name, "phase " + List.of(phases), s -> List.of(phases).contains(s.getStatus().getPhase()));
    }

    /** Waits, 60 seconds at most, until the sandbox is as wanted. */
    public Sandbox await(String name, String what, Predicate<Sandbox> wanted) {
        Await.until(name + ": " + what, PHASE_LIMIT, () -> wanted.test(get(name)), () -> "it is " + get(name).getStatus());
        return get(name);
    }

    /** Stops it and waits until it is. */
    public void stop(String name) {
        client.call(Rpc.STOP, StopSandboxRequest.newBuilder().setName(name).build());
        await(name, SandboxPhase.SANDBOX_PHASE_STOPPED);
    }

    /** Starts it and waits until it is Ready. */
    public Sandbox start(String name) {
        client.call(Rpc.START, StartSandboxRequest.newBuilder().setName(name).build());
        return await(name, SandboxPhase.SANDBOX_PHASE_READY);
    }

    /** Deletes it and waits until it is gone. */
    public void delete(String name) {
        client.call(Rpc.DELETE, DeleteSandboxRequest.newBuilder().setName(name).build());
        Await.until(name + " is gone", PHASE_LIMIT, () -> !exists(name), () -> "it is " + get(name).getStatus());
    }

    /** Runs a program in it. */
    public Outcome exec(String name, String... command) {
        ExecSandboxRequest request = ExecSandboxRequest.newBuilder().setSandboxId(get(name).getMetadata().getId())
                .addAllCommand(List.of(command)).setTimeoutSeconds(20).build();
        Output output = new Output();
        client.stream(Rpc.EXEC, request, output::take, CALL_LIMIT);
        return output.outcome();
    }

    /** Reads what its main process writes and wrote, to its end. */
    public Outcome followMain(String name) {
        FollowMainRequest request = FollowMainRequest.newBuilder().setSandboxId(get(name).getMetadata().getId())
                .setStdin(ByteString.EMPTY).setCloseInput(true).build();
        Output output = new Output();
        client.stream(Rpc.FOLLOW_MAIN, request, output::take, CALL_LIMIT);
        return output.outcome();
    }

    /** Sets its policy, YAML, and waits until it is in force. */
    public void setPolicy(String name, String yaml) {
        try {
            int version = client.call(Rpc.UPDATE_CONFIG, UpdateConfigRequest.newBuilder().setName(name)
                    .setPolicy(PolicyCodec.encode(PolicyYaml.parse(yaml))).build()).getVersion();
            Await.until("policy version " + version + " is loaded", PHASE_LIMIT,
                    () -> status(name, version) == PolicyStatus.POLICY_STATUS_LOADED, () -> status(name, version).name());
        } catch (PolicyParseException e) {
            throw new AssertionError(e);
        }
    }

    private PolicyStatus status(String name, int version) {
        return client.call(Rpc.POLICY_STATUS, GetSandboxPolicyStatusRequest.newBuilder().setName(name).setVersion(version)
                .build()).getRevision().getStatus();
    }

    /** Its log lines. */
    public List<SandboxLogLine> logs(String name) {
        return client.call(Rpc.LOGS, GetSandboxLogsRequest.newBuilder().setSandboxId(get(name).getMetadata().getId())
                .build()).getLogsList();
    }

    /** Every event of its name, oldest first. */
    public List<HistoryEntry> history(String name) {
        List<HistoryEntry> all = new ArrayList<>();
        client.stream(Rpc.HISTORY, GetHistoryRequest.newBuilder().setWorkspace("default").setName(name).build(),
                entry -> all.add(entry), CALL_LIMIT);
        return all;
    }

    /** Collects a session's output. */
    private static final class Output {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final ByteArrayOutputStream err = new ByteArrayOutputStream();
        private int exit = -1;

        boolean take(ExecSandboxEvent event) {
            switch (event.getPayloadCase()) {
                case STDOUT -> out.writeBytes(event.getStdout().getData().toByteArray());
                case STDERR -> err.writeBytes(event.getStderr().getData().toByteArray());
                case EXIT -> exit = event.getExit().getExitCode();
                case PAYLOAD_NOT_SET -> throw new AssertionError("an empty answer");
            }
            return true;
        }

        Outcome outcome() {
            return new Outcome(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        }
    }
}
