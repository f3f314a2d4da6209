package io.openshell.cli.command.sandbox;

import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.client.RpcCode;
import io.openshell.cli.client.RpcException;
import io.openshell.cli.command.Session;
import io.openshell.cli.output.Steps;
import io.openshell.wire.v1.PlatformEvent;
import io.openshell.wire.v1.Sandbox;
import io.openshell.wire.v1.SandboxPhase;
import io.openshell.wire.v1.SandboxStreamEvent;
import io.openshell.wire.v1.WatchSandboxRequest;
import java.time.Duration;

/** Follows a sandbox until it is where the caller wants it. */
final class PhaseWatch {
    private static final int EVENT_TAIL = 50;

    private final Session session;
    private final Steps steps;
    private final Duration limit;
    private Sandbox seen;

    PhaseWatch(Session session, Steps steps, Duration limit, Sandbox start) {
        this.session = session;
        this.steps = steps;
        this.limit = limit;
        this.seen = start;
    }

    /**
     * Returns the sandbox once it has the wanted phase, or is in ERROR because its program has ended already.
     *
     * @throws CliException when it failed or the limit passed
     */
    Sandbox until(SandboxPhase wanted) {
        WatchSandboxRequest request = WatchSandboxRequest.newBuilder().setId(seen.getMetadata().getId())
                .setFollowStatus(true).setFollowEvents(true).setEventTail(EVENT_TAIL).build();
        try {
            session.client().stream(Rpc.WATCH, request, event -> take(event, wanted), limit);
        } catch (RpcException e) {
            if (e.code() == RpcCode.DEADLINE_EXCEEDED) {
                throw new CliException("sandbox '" + seen.getMetadata().getName() + "' is still "
                        + SandboxView.phase(seen) + " after " + limit.toSeconds() + " s" + reason() + ".", ExitCodes.FAILURE);
            }
            throw e;
        }
        if (!settled(wanted)) {
            // The stream ended first; the gateway's present word decides.
            seen = session.client().sandbox(session.workspace(), seen.getMetadata().getName());
        }
        if (!settled(wanted)) {
            throw new CliException("the gateway stopped watching sandbox '" + seen.getMetadata().getName() + "' while it was "
                    + SandboxView.phase(seen) + reason() + ".");
        }
        if (seen.getStatus().getPhase() != wanted && !seen.getStatus().hasExitCode()) {
            throw new CliException("sandbox '" + seen.getMetadata().getName() + "' failed" + reason()
                    + ". `openshell logs " + seen.getMetadata().getName() + "` tells more.");
        }
        return seen;
    }

    private boolean take(SandboxStreamEvent event, SandboxPhase wanted) {
        switch (event.getPayloadCase()) {
            case SANDBOX -> seen = event.getSandbox();
            case EVENT -> show(event.getEvent());
            case WARNING -> session.printer().note("! " + event.getWarning().getMessage());
            case LOG, DRAFT_POLICY_UPDATE, PAYLOAD_NOT_SET -> { }
        }
        return !settled(wanted);
    }

    private void show(PlatformEvent event) {
        if (event.getType().equals("Warning")) {
            session.printer().note("! " + event.getMessage());
        } else if (event.getReason().equals("Pulling")) {
            steps.begin("Pulling image");
        } else if (event.getReason().equals("Pulled")) {
            steps.begin("Starting sandbox");
        }
    }

    private boolean settled(SandboxPhase wanted) {
        SandboxPhase phase = seen.getStatus().getPhase();
        return phase == wanted || phase == SandboxPhase.SANDBOX_PHASE_ERROR;
    }

    private String reason() {
        String reason = SandboxView.reason(seen);
        return reason.isEmpty() ? "" : ": " + reason;
    }
}
