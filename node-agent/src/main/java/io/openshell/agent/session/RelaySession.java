package io.openshell.agent.session;

import com.google.protobuf.ByteString;
import io.openshell.agent.runtime.LaunchException;
import io.openshell.agent.runtime.ProcessSession;
import io.openshell.agent.runtime.Subscription;
import io.openshell.model.sandbox.Session;
import io.openshell.wire.control.v1.AgentFrame;
import io.openshell.wire.control.v1.GatewayFrame;
import io.openshell.wire.control.v1.RelayFailure;
import io.openshell.wire.control.v1.RelayHello;
import io.openshell.wire.v1.ExecSandboxWindowResize;
import io.vertx.core.net.SocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session from dialling to its last frame. Its state is touched on its context only; runtime calls are made elsewhere
 * and come back with their result.
 *
 * <pre>
 *   hello → first frame → starting → running → exit → (gateway ends) → over
 *                 ╲___________╲_________╲→ stopping → process gone ───→ over
 * </pre>
 */
final class RelaySession implements RelayStream.Events {

    /** Why a session ends before its process does. */
    private sealed interface Stop {
        record Cancelled(boolean timedOut) implements Stop {}

        record GatewayEnded() implements Stop {}

        record Broken(String reason) implements Stop {}
    }

    /** A gateway that is there sends the first frame within its own limit of ten seconds. */
    private static final long FIRST_FRAME_MILLIS = 15_000;

    /** The gateway watches the time limit; the agent steps in when it has not, so much later. */
    private static final long OVERTIME_MILLIS = 5_000;

    private static final int WINDOW = 256 * 1_024;
    private static final int TIMED_OUT_EXIT = 124;
    private static final Logger LOG = LoggerFactory.getLogger(RelaySession.class);

    private final Lane lane;
    private final Session session;
    private final Offer offer;
    private final CompletableFuture<SessionEnd> over = new CompletableFuture<>();
    private final SendWindow window = new SendWindow(WINDOW);
    private final RelayStream stream;
    private final RelayOutput output;
    private final RelayInput input;
    private Runnable cancelFirst = () -> {};
    private Runnable cancelOvertime = () -> {};
    private @Nullable Start start;
    private @Nullable Stop stop;
    private @Nullable ProcessSession process;
    private @Nullable Subscription subscription;
    private @Nullable Termination termination;
    private @Nullable SessionEnd end;

    RelaySession(Lane lane, RelayConnections connections, Session session, Offer offer) {
        this.lane = lane;
        this.session = session;
        this.offer = offer;
        this.stream = new RelayStream(lane, connections, this, () -> over.complete(
                end == null ? new SessionEnd.Lost("the session was given up") : end));
        this.output = new RelayOutput(lane, stream, window);
        this.input = new RelayInput(lane, failure -> {
            LOG.warn("input of session {} could not be written", session.sessionId(), failure);
            lane.on(() -> stop(new Stop.Broken("the input could not be written")));
        });
    }

    /** Dials; the result never completes exceptionally. Any thread. */
    CompletionStage<SessionEnd> open(SocketAddress gateway, String nodeId) {
        AgentFrame hello = AgentFrame.newBuilder()
                .setHello(RelayHello.newBuilder().setRelayId(session.sessionId()).setNodeId(nodeId)).build();
        lane.on(() -> {
            cancelFirst = lane.later(FIRST_FRAME_MILLIS, () -> finish(new SessionEnd.NotStarted(
                    "DEADLINE_EXCEEDED", "the gateway did not say what to run in time"), Optional.empty()));
            stream.open(gateway, hello);
        });
        return over;
    }

    /** Ends the session because the agent goes away. Any thread. */
    void abort() {
        lane.on(() -> {
            if (end == null) {
                stop(new Stop.Broken("the node agent is stopping"));
            } else {
                stream.close();
            }
        });
    }

    @Override
    public void onOpen() {
        switch (offer) {
            case Offer.Refuse refuse -> refuse(refuse.why());
            case Offer.Serve serve -> stream.next();
        }
    }

    @Override
    public void onFrame(GatewayFrame frame) {
        if (start == null && !frame.hasCancel() && offer instanceof Offer.Serve serve) {
            cancelFirst.run();
            begin(Start.of(session, serve.sandbox().sandboxId(), frame), serve);
        } else {
            switch (frame.getPayloadCase()) {
                case STDIN -> feed(frame.getStdin());
                case INPUT_END -> endInput();
                case RESIZE -> resize(frame.getResize());
                case CANCEL -> stop(new Stop.Cancelled(frame.getCancel().getTimedOut()));
                // A session runs one thing, and later starts are ignored.
                case EXEC, ATTACH, PAYLOAD_NOT_SET -> { }
            }
        }
        input.whenRoom(() -> lane.on(stream::next));
    }

    @Override
    public void onEnd(RelayStream.Ended how) {
        if (start == null && end == null) {
            finish(switch (how) {
                case RelayStream.Ended.Finished f -> new SessionEnd.NotStarted("CANCELLED", "the gateway ended the session");
                case RelayStream.Ended.Refused r -> new SessionEnd.NotStarted(r.code(), r.message());
                case RelayStream.Ended.Broken b -> new SessionEnd.NotStarted("UNAVAILABLE", b.reason());
            }, Optional.empty());
            return;
        }
        stop(switch (how) {
            case RelayStream.Ended.Finished f -> new Stop.GatewayEnded();
            case RelayStream.Ended.Refused r -> new Stop.Broken("the gateway ended the session with " + r.code());
            case RelayStream.Ended.Broken b -> new Stop.Broken(b.reason());
        });
    }

    private void begin(Start asked, Offer.Serve serve) {
        start = asked;
        switch (asked) {
            case Start.Refused refused -> refuse(new SessionEnd.NotStarted(refused.code(), refused.message()));
            case Start.Exec exec -> {
                input.bytes(exec.input());
                if (exec.timeoutSeconds() > 0) {
                    cancelOvertime = lane.later(exec.timeoutSeconds() * 1_000 + OVERTIME_MILLIS,
                            () -> stop(new Stop.Cancelled(true)));
                }
                lane.off(() -> exec(exec, serve));
            }
            case Start.Attach attach -> lane.off(() -> serve(serve.sandbox().main()));
        }
    }

    private void exec(Start.Exec exec, Offer.Serve serve) {
        try {
            serve(serve.sandbox().exec(exec.request().besides(serve.environment().get())));
        } catch (LaunchException failure) {
            lane.on(() -> notStarted(failure));
        } catch (RuntimeException failure) {
            LOG.error("session {} could not be started", session.sessionId(), failure);
            lane.on(() -> refuse(new SessionEnd.NotStarted("INTERNAL", "the command could not be started")));
        }
    }

    /** A command that is not there ends as it would in a shell, which is what scripts look at. */
    private void notStarted(LaunchException failure) {
        String message = String.valueOf(failure.getMessage());
        if (failure.shellStatus().isPresent()) {
            int status = failure.shellStatus().getAsInt();
            stream.send(AgentFrame.newBuilder().setStderr(ByteString.copyFromUtf8(message + "\n")).build());
            finish(new SessionEnd.Exited(status), Optional.of(AgentFrame.newBuilder().setExit(status).build()));
            return;
        }
        refuse(new SessionEnd.NotStarted(failure.stage().equals("request") ? "INVALID_ARGUMENT" : "START_FAILED", message));
    }

    /** Waits while the gateway does not take the retained output. */
    private void serve(ProcessSession started) {
        lane.on(() -> started(started));
        // Asked only after the end of the output, so that a main process keeps nothing of sessions that have left it.
        output.ended().thenCompose(nothing -> started.exit())
                .whenComplete((code, failure) -> lane.on(() -> exited(code, failure)));
        try {
            Subscription made = started.attach(output);
            lane.on(() -> subscribed(made));
        } catch (RuntimeException failure) {
            LOG.error("the output of session {} could not be read", session.sessionId(), failure);
            lane.on(() -> stop(new Stop.Broken("the output could not be read")));
        }
    }

    private void started(ProcessSession running) {
        process = running;
        if (stop != null) {
            leave(running, stop);
            return;
        }
        if (start instanceof Start.Attach attach && !attach.readOnly() && attach.cols() > 0 && attach.rows() > 0) {
            input.resize(new RelayInput.Size(attach.cols(), attach.rows()));
        }
        input.start(running);
    }

    private void subscribed(Subscription made) {
        subscription = made;
        // A command that is being ended is still listened to, because the end of its output announces its exit.
        if (stop != null && start instanceof Start.Attach) {
            lane.off(made::close);
        }
    }

    private void feed(ByteString bytes) {
        if (mayWrite()) {
            input.bytes(bytes);
        }
    }

    private void endInput() {
        if (mayWrite()) {
            input.end();
        }
    }

    private void resize(ExecSandboxWindowResize size) {
        if (mayWrite() && size.getCols() != 0 && size.getRows() != 0) {
            input.resize(new RelayInput.Size(Start.size(size.getCols(), Start.COLS), Start.size(size.getRows(), Start.ROWS)));
        }
    }

    private boolean mayWrite() {
        return !(start instanceof Start.Attach attach && attach.readOnly());
    }

    private void stop(Stop why) {
        if (stop != null || end != null) {
            return;
        }
        stop = why;
        // From here on output goes nowhere, so that a process that waits for its reader can end.
        window.close();
        input.close();
        if (start == null) {
            finish(switch (why) {
                case Stop.Cancelled c -> new SessionEnd.NotStarted("CANCELLED", "the caller has gone");
                case Stop.GatewayEnded g -> new SessionEnd.NotStarted("CANCELLED", "the gateway ended the session");
                case Stop.Broken b -> new SessionEnd.NotStarted("UNAVAILABLE", b.reason());
            }, Optional.empty());
        } else if (process != null) {
            leave(process, why);
        }
    }

    private void leave(ProcessSession running, Stop why) {
        if (start instanceof Start.Attach) {
            if (subscription != null) {
                lane.off(subscription::close);
            }
            finish(why instanceof Stop.Broken broken ? new SessionEnd.Lost(broken.reason()) : new SessionEnd.Detached(),
                    Optional.empty());
        } else {
            termination = Termination.begin(lane, running, () -> finish(
                    new SessionEnd.Lost("the command did not end when it was killed"), Optional.empty()));
        }
    }

    private void exited(@Nullable Integer code, @Nullable Throwable failure) {
        if (termination != null) {
            termination.done();
        }
        if (code == null) {
            LOG.error("the end of session {} was not seen", session.sessionId(), failure);
            finish(new SessionEnd.Lost("the process's end was not seen"),
                    Optional.of(failed("INTERNAL", "the process's end was not seen")));
            return;
        }
        int status = stop instanceof Stop.Cancelled(boolean timedOut) && timedOut ? TIMED_OUT_EXIT : code;
        SessionEnd how = switch (stop) {
            case null -> new SessionEnd.Exited(status);
            case Stop.Cancelled c -> new SessionEnd.Exited(status);
            case Stop.GatewayEnded g -> new SessionEnd.Lost("the gateway ended the session");
            case Stop.Broken b -> new SessionEnd.Lost(b.reason());
        };
        finish(how, Optional.of(AgentFrame.newBuilder().setExit(status).build()));
    }

    private void refuse(SessionEnd.NotStarted why) {
        finish(why, Optional.of(failed(why.code(), why.message())));
    }

    private static AgentFrame failed(String code, String message) {
        return AgentFrame.newBuilder()
                .setFailed(RelayFailure.newBuilder().setCode(code).setMessage(message)).build();
    }

    private void finish(SessionEnd how, Optional<AgentFrame> last) {
        if (end != null) {
            return;
        }
        end = how;
        cancelFirst.run();
        cancelOvertime.run();
        window.close();
        input.close();
        if (stop instanceof Stop.Broken) {
            stream.close();
        } else {
            stream.finish(last);
        }
    }
}
