package io.openshell.gateway.session;

import io.openshell.gateway.grpc.Exchange;
import io.openshell.wire.control.v1.AgentFrame;
import io.openshell.wire.control.v1.AttachInput;
import io.openshell.wire.control.v1.GatewayFrame;
import io.openshell.wire.control.v1.InputEnd;
import io.openshell.wire.v1.ExecSandboxEvent;
import io.openshell.wire.v1.ExecSandboxInput;
import java.util.Optional;
import java.util.function.Function;

/**
 * A caller's frames on their way to the agent.
 *
 * @param endIsInputEnd whether the end of the caller's stream means that no more input comes
 * @param <Q> the caller's frames
 */
record LiveInput<Q>(
        Exchange<Q, ExecSandboxEvent> caller, Function<Q, Optional<GatewayFrame>> mapping, boolean endIsInputEnd) {

    static LiveInput<ExecSandboxInput> ofExec(Exchange<ExecSandboxInput, ExecSandboxEvent> caller) {
        return new LiveInput<>(caller, LiveInput::frame, true);
    }

    static LiveInput<AttachInput> ofAttach(Exchange<AttachInput, ExecSandboxEvent> caller) {
        // Somebody who only looks on ends its stream at once; the process must not see that as its end of input.
        return new LiveInput<>(caller, LiveInput::frame, false);
    }

    /** Starts moving frames; must run on the caller's event loop. */
    void start(Exchange<AgentFrame, GatewayFrame> agent, Runnable inputEnded) {
        new Pump<>(caller, agent.response(), agent.context(), mapping).start(() -> {
            if (endIsInputEnd) {
                inputEnded.run();
            }
        });
    }

    private static Optional<GatewayFrame> frame(ExecSandboxInput input) {
        return switch (input.getPayloadCase()) {
            case STDIN -> Optional.of(GatewayFrame.newBuilder().setStdin(input.getStdin()).build());
            case RESIZE -> Optional.of(GatewayFrame.newBuilder().setResize(input.getResize()).build());
            case START, PAYLOAD_NOT_SET -> Optional.empty();
        };
    }

    private static Optional<GatewayFrame> frame(AttachInput input) {
        return switch (input.getPayloadCase()) {
            case STDIN -> Optional.of(GatewayFrame.newBuilder().setStdin(input.getStdin()).build());
            case RESIZE -> Optional.of(GatewayFrame.newBuilder().setResize(input.getResize()).build());
            case CLOSE_INPUT -> Optional.of(
                    GatewayFrame.newBuilder().setInputEnd(InputEnd.getDefaultInstance()).build());
            case START, PAYLOAD_NOT_SET -> Optional.empty();
        };
    }
}
