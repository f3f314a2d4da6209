package io.openshell.agent.report;

import io.openshell.log.CommandLog;
import io.openshell.log.Position;
import io.openshell.model.CommandEnvelope;
import io.openshell.wire.events.CommandCodec;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** A log that keeps what it is given, and answers when the test says so. */
public final class RecordingCommandLog implements CommandLog {

    public record Taken(String stream, CommandEnvelope envelope, CompletableFuture<Position> answer) {}

    private final List<Taken> taken = new CopyOnWriteArrayList<>();

    @Override
    public CompletionStage<Position> append(String stream, byte[] command) {
        CompletableFuture<Position> answer = new CompletableFuture<>();
        taken.add(new Taken(stream, CommandCodec.decode(command), answer));
        return answer;
    }

    /** Everything appended, oldest first. */
    public List<Taken> taken() {
        return taken;
    }

    @Override
    public void close() {
        taken.clear();
    }
}
