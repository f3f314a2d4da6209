package io.openshell.gateway.grpc;

import io.openshell.gateway.auth.Callers;
import io.openshell.model.Rejection;
import io.openshell.model.RejectionCode;
import io.openshell.model.StreamId;
import io.openshell.projection.CommandBus;
import io.openshell.projection.history.History;
import io.openshell.projection.past.PastUnavailable;
import io.vertx.grpc.common.GrpcStatus;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** The one place where outcomes become gRPC statuses. */
public final class Statuses {

    /** Says to programs that the same request may be sent again under the same command id. */
    private static final Map<String, String> RETRY_SAFE = Map.of("openshell-retry-safe", "true");

    private Statuses() {}

    /** What a caller is told about a rejected command to this stream. */
    static Refusal of(Rejection rejection, StreamId stream) {
        boolean unknown = rejection.code() == RejectionCode.SANDBOX_UNKNOWN || rejection.code() == RejectionCode.PROVIDER_UNKNOWN;
        return unknown ? Refusal.unknown(stream) : of(rejection);
    }

    /** What a caller is told about a rejection. */
    public static Refusal of(Rejection rejection) {
        return new Refusal(status(rejection.code().category()), rejection.reason());
    }

    private static GrpcStatus status(RejectionCode.Category category) {
        return switch (category) {
            case INVALID_ARGUMENT -> GrpcStatus.INVALID_ARGUMENT;
            case NOT_FOUND -> GrpcStatus.NOT_FOUND;
            case ALREADY_EXISTS -> GrpcStatus.ALREADY_EXISTS;
            case FAILED_PRECONDITION -> GrpcStatus.FAILED_PRECONDITION;
            case PERMISSION_DENIED -> GrpcStatus.PERMISSION_DENIED;
            case ABORTED -> GrpcStatus.ABORTED;
        };
    }

    private static GrpcStatus status(PastUnavailable.Reason reason) {
        return switch (reason) {
            case MALFORMED -> GrpcStatus.INVALID_ARGUMENT;
            case BEFORE_LOG, FUTURE -> GrpcStatus.OUT_OF_RANGE;
            case UNKNOWN -> GrpcStatus.NOT_FOUND;
            case TOO_LARGE -> GrpcStatus.RESOURCE_EXHAUSTED;
            case LOG -> GrpcStatus.UNAVAILABLE;
        };
    }

    /** What a caller is told about a failure; a fault of ours names only the correlation id to look for. */
    public static Refusal of(Throwable failure, String correlationId) {
        return switch (unwrapped(failure)) {
            case Refusal refusal -> refusal;
            case CommandBus.Unavailable e -> new Refusal(GrpcStatus.UNAVAILABLE,
                    text(e) + "; asking again with the same openshell-command-id is safe", RETRY_SAFE);
            case History.HistoryUnavailable e -> new Refusal(GrpcStatus.UNAVAILABLE, text(e));
            case PastUnavailable e -> new Refusal(status(e.reason()), text(e));
            case TimeoutException e -> new Refusal(GrpcStatus.DEADLINE_EXCEEDED, text(e));
            case Callers.UnknownCaller e -> new Refusal(GrpcStatus.UNAUTHENTICATED, text(e));
            case Callers.MalformedId e -> Refusal.invalid(text(e));
            default -> new Refusal(GrpcStatus.INTERNAL,
                    "the gateway failed on this call; its log has the details under " + correlationId);
        };
    }

    private static Throwable unwrapped(Throwable failure) {
        Throwable current = failure;
        while ((current instanceof CompletionException || current instanceof ExecutionException)
                && current.getCause() != null) {
            current = current.getCause();
        }
        return current;
    }

    private static String text(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? "" : message;
    }
}
