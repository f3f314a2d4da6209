package io.openshell.agent.runtime;

import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.sandbox.Basis;
import java.util.List;
import java.util.Map;

/**
 * Everything a sandbox is started from.
 *
 * @param sandboxId stable id; names the workspace
 * @param instanceId this run of the sandbox
 * @param hostname name seen inside
 * @param policy validated policy
 * @param command main process; the first element is looked up on the sandbox's PATH
 * @param environment user variables; may hold secrets, so they are kept out of {@link #toString()}
 * @param tty whether the main process gets a terminal
 * @param trust whom its programs believe when they speak TLS
 * @param basis where its files come from and what it may use of this machine
 * @param keepsake what a later agent that takes it over wants to know
 */
public record LaunchRequest(String sandboxId, String instanceId, String hostname, PolicyDocument policy,
        List<String> command, Map<String, String> environment, boolean tty, TrustFiles trust, Basis basis, Keepsake keepsake) {
    public LaunchRequest {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** A sandbox of the machine's own files, whose programs believe whom the machine believes. */
    public LaunchRequest(String sandboxId, String instanceId, String hostname, PolicyDocument policy, List<String> command,
            Map<String, String> environment, boolean tty) {
        this(sandboxId, instanceId, hostname, policy, command, environment, tty, TrustFiles.NONE, Basis.USUAL, Keepsake.NONE);
    }

    /** One that no later agent will ask about. */
    public LaunchRequest(String sandboxId, String instanceId, String hostname, PolicyDocument policy, List<String> command,
            Map<String, String> environment, boolean tty, TrustFiles trust, Basis basis) {
        this(sandboxId, instanceId, hostname, policy, command, environment, tty, trust, basis, Keepsake.NONE);
    }

    /** With these certificates. */
    public LaunchRequest with(TrustFiles other) {
        return new LaunchRequest(sandboxId, instanceId, hostname, policy, command, environment, tty, other, basis, keepsake);
    }

    /** With this to keep. */
    public LaunchRequest with(Keepsake other) {
        return new LaunchRequest(sandboxId, instanceId, hostname, policy, command, environment, tty, trust, basis, other);
    }

    /** On this basis. */
    public LaunchRequest with(Basis other) {
        return new LaunchRequest(sandboxId, instanceId, hostname, policy, command, environment, tty, trust, other, keepsake);
    }

    @Override
    public String toString() {
        return "LaunchRequest[" + sandboxId + "/" + instanceId + ", tty=" + tty + "]";
    }
}
