package io.openshell.gateway.grpc;

import io.openshell.model.StreamId;
import io.vertx.grpc.common.GrpcStatus;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** A call ends here with this status and sentence. Carries no stack trace: it is an answer, not a fault. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final GrpcStatus status;
    private final Map<String, String> hints;

    /** Refuses with a status and one sentence for a person, without secrets. */
    public Refusal(GrpcStatus status, String sentence) {
        this(status, sentence, Map.of());
    }

    /** The same with metadata for programs, sent behind the status. */
    public Refusal(GrpcStatus status, String sentence, Map<String, String> hints) {
        super(sentence, null, false, false);
        this.status = status;
        this.hints = Map.copyOf(hints);
    }

    /** The request itself makes no sense. */
    public static Refusal invalid(String sentence) {
        return new Refusal(GrpcStatus.INVALID_ARGUMENT, sentence);
    }

    /** There is no such thing. */
    public static Refusal notFound(String sentence) {
        return new Refusal(GrpcStatus.NOT_FOUND, sentence);
    }

    /** There is no such sandbox or provider. */
    public static Refusal unknown(StreamId stream) {
        String kind = stream.kind().name().toLowerCase(Locale.ROOT);
        String name = stream.path().substring(stream.path().indexOf('/') + 1);
        return notFound(kind + " '" + name + "' not found in workspace '" + stream.workspace() + "'");
    }

    /** It cannot be done as things stand. */
    public static Refusal precondition(String sentence) {
        return new Refusal(GrpcStatus.FAILED_PRECONDITION, sentence);
    }

    /** The caller is not one who may. */
    public static Refusal denied(String sentence) {
        return new Refusal(GrpcStatus.PERMISSION_DENIED, sentence);
    }

    /** The gateway does not serve this. */
    public static Refusal unimplemented(String sentence) {
        return new Refusal(GrpcStatus.UNIMPLEMENTED, sentence);
    }

    /** The refusal that a failed stage stands for; empty when it failed in another way. */
    public static Optional<Refusal> behind(Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof Refusal refusal ? Optional.of(refusal) : Optional.empty();
    }

    /** Whether something changed in between, so that the same may be tried anew on what is there now. */
    public static boolean isRace(Throwable failure) {
        return behind(failure).filter(refusal -> refusal.status() == GrpcStatus.ABORTED).isPresent();
    }

    /** What the caller is told. */
    public GrpcStatus status() {
        return status;
    }

    /** Metadata that goes with it. */
    public Map<String, String> hints() {
        return hints;
    }

    /** The sentence. */
    public String sentence() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
