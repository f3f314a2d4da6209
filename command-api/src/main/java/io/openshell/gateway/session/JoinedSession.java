package io.openshell.gateway.session;

import com.google.protobuf.ByteString;
import io.openshell.gateway.grpc.Exchange;
import io.openshell.gateway.grpc.Refusal;
import io.openshell.wire.control.v1.AgentFrame;
import io.openshell.wire.control.v1.Cancel;
import io.openshell.wire.control.v1.GatewayFrame;
import io.openshell.wire.control.v1.InputEnd;
import io.openshell.wire.control.v1.RelayFailure;
import io.openshell.wire.v1.ExecSandboxEvent;
import io.openshell.wire.v1.ExecSandboxExit;
import io.openshell.wire.v1.ExecSandboxStderr;
import io.openshell.wire.v1.ExecSandboxStdout;
import io.vertx.core.Vertx;
import io.vertx.grpc.common.GrpcStatus;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A caller joined with the agent that runs its process. The caller gets exactly one exit event or one error, whichever
 * of exit, failure, deadline and disconnect comes first.
 *
 * @param <Q> what the caller sends
 */
final class JoinedSession<Q> {

    private static final int TIMED_OUT_EXIT = 124;
    private static final int CHUNK = 65_536;
    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final Exchange<Q, ExecSandboxEvent> caller;
    private final Exchange<AgentFrame, GatewayFrame> agent;
    private final AtomicBoolean finished = new AtomicBoolean();
    private volatile long timer = NO_TIMER;

    JoinedSession(Vertx vertx, Exchange<Q, ExecSandboxEvent> caller, Exchange<AgentFrame, GatewayFrame> agent) {
        this.vertx = vertx;
        this.caller = caller;
        this.agent = agent;
    }

    /** Starts: the first frame and the given input go to the agent, its output comes back. Any thread. */
    void start(GatewayFrame first, ByteString input, boolean inputEnds, long timeoutSeconds) {
        agent.context().runOnContext(nothing -> {
            agent.onLost(this::agentLost);
            agent.response().write(first);
            for (int at = 0; at < input.size(); at += CHUNK) {
                send(GatewayFrame.newBuilder()
                        .setStdin(input.substring(at, Math.min(input.size(), at + CHUNK))).build());
            }
            if (inputEnds) {
                endInput();
            }
            new Pump<>(agent, caller.response(), caller.context(), this::toCaller).start(this::agentLost);
        });
        if (timeoutSeconds > 0) {
            timer = vertx.setTimer(timeoutSeconds * 1_000, fired -> timeOut());
        }
    }

    /** Tells the agent that no more input comes. Any thread. */
    void endInput() {
        send(GatewayFrame.newBuilder().setInputEnd(InputEnd.getDefaultInstance()).build());
    }

    /** The caller has gone. Any thread; later ends change nothing. */
    void callerGone() {
        if (finish()) {
            cancelAgent(false);
        }
    }

    private void timeOut() {
        if (finish()) {
            cancelAgent(true);
            caller.context().runOnContext(nothing -> caller.response().end(exit(TIMED_OUT_EXIT)));
        }
    }

    private void agentLost() {
        if (finish()) {
            caller.fail(new Refusal(GrpcStatus.UNAVAILABLE, "the connection to the sandbox ended without an exit status"));
            agent.end();
        }
    }

    private Optional<ExecSandboxEvent> toCaller(AgentFrame frame) {
        if (finished.get()) {
            return Optional.empty();
        }
        return switch (frame.getPayloadCase()) {
            case STDOUT -> Optional.of(ExecSandboxEvent.newBuilder()
                    .setStdout(ExecSandboxStdout.newBuilder().setData(frame.getStdout())).build());
            case STDERR -> Optional.of(ExecSandboxEvent.newBuilder()
                    .setStderr(ExecSandboxStderr.newBuilder().setData(frame.getStderr())).build());
            case EXIT -> {
                exited(frame.getExit());
                yield Optional.empty();
            }
            case FAILED -> {
                failed(frame.getFailed());
                yield Optional.empty();
            }
            case HELLO, PAYLOAD_NOT_SET -> Optional.empty();
        };
    }

    private void exited(int code) {
        if (finish()) {
            // Runs behind the writes of earlier frames, because both queue on the caller's event loop.
            caller.context().runOnContext(nothing -> caller.response().end(exit(code)));
            agent.end();
        }
    }

    private void failed(RelayFailure failure) {
        if (finish()) {
            caller.fail(Refusal.precondition(failure.getCode() + ": " + failure.getMessage()));
            agent.end();
        }
    }

    private void cancelAgent(boolean timedOut) {
        send(GatewayFrame.newBuilder().setCancel(Cancel.newBuilder().setTimedOut(timedOut)).build());
        agent.end();
    }

    private void send(GatewayFrame frame) {
        agent.context().runOnContext(nothing -> agent.response().write(frame));
    }

    private boolean finish() {
        if (!finished.compareAndSet(false, true)) {
            return false;
        }
        if (timer != NO_TIMER) {
            vertx.cancelTimer(timer);
        }
        return true;
    }

    private static ExecSandboxEvent exit(int code) {
        return ExecSandboxEvent.newBuilder().setExit(ExecSandboxExit.newBuilder().setExitCode(code)).build();
    }
}
