package io.openshell.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/**
 * Given events, when a command, then events or a refusal. Every expectation also folds the new events, so an event that does not fit
 * the state it was decided in fails the test that decided it.
 */
public final class DeciderFixture<C, S, E> {
    private final Decider<C, S, E> decider;
    private final Context by;
    private final S before;

    private DeciderFixture(Decider<C, S, E> decider, Context by, S before) {
        this.decider = decider;
        this.by = by;
        this.before = before;
    }

    /** A stream that holds these events; {@code by} is who they are ascribed to and who commands next. */
    public static <C, S, E> DeciderFixture<C, S, E> given(Decider<C, S, E> decider, Context by, List<? extends E> history) {
        return new DeciderFixture<>(decider, by, fold(decider, decider.initial(), by, history));
    }

    /** The next command comes from somebody else. */
    public DeciderFixture<C, S, E> by(Context other) {
        return new DeciderFixture<>(decider, other, before);
    }

    /** Decides. */
    public Then when(C command) {
        return new Then(decider.decide(command, before, by));
    }

    /** The state before any command. */
    public S state() {
        return before;
    }

    /** The state these events lead to. */
    public static <C, S, E> S fold(Decider<C, S, E> decider, S from, Context by, List<? extends E> events) {
        S state = from;
        for (E event : events) {
            state = decider.evolve(state, event, by);
        }
        return state;
    }

    /** What became of the command. */
    public final class Then {
        private final Decision<E> decision;

        private Then(Decision<E> decision) {
            this.decision = decision;
        }

        /** Accepted with exactly these events; returns the stream after them. */
        @SafeVarargs
        public final DeciderFixture<C, S, E> thenEvents(E... events) {
            assertThat(decision).isEqualTo(new Decision.Accepted<>(List.of(events)));
            return new DeciderFixture<>(decider, by, fold(decider, before, by, List.of(events)));
        }

        /** Accepted, and nothing had to change. */
        public void thenUnchanged() {
            assertThat(decision).isEqualTo(Decision.unchanged());
        }

        /** Refused for this reason. */
        public void thenRefused(RejectionCode code) {
            assertThat(decision).isInstanceOfSatisfying(Decision.Rejected.class, r -> {
                assertThat(r.rejection().code()).isEqualTo(code);
                assertThat(r.rejection().reason()).isNotBlank();
            });
        }

        /** Refused for this reason, and the sentence names these things. */
        public void thenRefused(RejectionCode code, String... named) {
            thenRefused(code);
            assertThat(((Decision.Rejected<E>) decision).rejection().reason()).contains(named);
        }

        /** The outcome in one word: event names joined by +, a refusal's code, or "unchanged". */
        public String inOneWord() {
            return switch (decision) {
                case Decision.Rejected<E> refused -> refused.rejection().code().name();
                case Decision.Accepted<E> accepted -> accepted.events().isEmpty()
                        ? "unchanged"
                        : accepted.events().stream().map(e -> e.getClass().getSimpleName()).reduce((a, b) -> a + "+" + b).orElseThrow();
            };
        }
    }
}
