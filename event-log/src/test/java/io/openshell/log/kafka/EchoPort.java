package io.openshell.log.kafka;

import io.openshell.log.Decided;
import io.openshell.log.DecisionPort;
import io.openshell.log.Entry;
import io.openshell.log.LogRecord;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Decides every command into one event with the same bytes; streams of {@code sandbox/fed/} also feed node n1. */
class EchoPort implements DecisionPort {
    static final String NODE = "n1";

    private final KafkaFollower fold;
    private final Consumer<String> before;
    private volatile BooleanSupplier behind = () -> false;

    EchoPort(KafkaFollower fold) {
        this(fold, text -> {});
    }

    /** @param before runs before each decision and may throw or block */
    EchoPort(KafkaFollower fold, Consumer<String> before) {
        this.fold = fold;
        this.before = before;
    }

    /** From now on it says so when it is behind. */
    void behindWhile(BooleanSupplier behind) {
        this.behind = behind;
    }

    @Override
    public boolean ready(int partition, long eventsEndOffset) {
        return fold.passed(partition, eventsEndOffset);
    }

    @Override
    public boolean behind() {
        return behind.getAsBoolean();
    }

    @Override
    public Decided decide(LogRecord command) {
        before.accept(new String(command.value()));
        Optional<String> node = command.key().startsWith("sandbox/fed/") ? Optional.of(NODE) : Optional.empty();
        return new Decided(List.of(new Entry(command.key(), command.value(), node)));
    }

    @Override
    public void committed() {}

    @Override
    public void aborted() {}
}
