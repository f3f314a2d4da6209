package io.openshell.proxy;

import io.openshell.model.learn.ProposalBody;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What programs in the sandbox may ask about its policy at {@code http://policy.local}. Every method is called on an event loop and
 * must not block; safe for any thread.
 */
public interface PolicyAdvisor {

    /** Answers nothing. */
    PolicyAdvisor OFF = new PolicyAdvisor() {
        @Override
        public boolean enabled() {
            return false;
        }

        @Override
        public Optional<String> policy() {
            return Optional.empty();
        }

        @Override
        public List<String> denials(int most) {
            return List.of();
        }

        @Override
        public CompletionStage<Submission> submit(ProposalBody.Named rule, String intent) {
            return CompletableFuture.completedStage(new Submission.Unreachable());
        }

        @Override
        public Optional<State> find(String id) {
            return Optional.empty();
        }

        @Override
        public CompletableFuture<Optional<State>> await(String id, Duration longest) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
    };

    /** Whether anything is answered at all. */
    boolean enabled();

    /** The policy in force as YAML; empty while it is not known. */
    Optional<String> policy();

    /** The newest refusals, newest first, each one line of at most 4096 bytes without values of queries. */
    List<String> denials(int most);

    /** Asks for a rule. It grants nothing by that. */
    CompletionStage<Submission> submit(ProposalBody.Named rule, String intent);

    /** Where a proposal of this sandbox stands. */
    Optional<State> find(String id);

    /**
     * The same once it is decided and, when it was approved, in force; after this time as it then stands. Cancelling it lets go of it.
     */
    CompletableFuture<Optional<State>> await(String id, Duration longest);

    /** What became of asking for a rule. */
    sealed interface Submission {
        /** Somebody will decide. */
        record Accepted(String id) implements Submission {}

        /** It was turned down at once. */
        record Rejected(String reason) implements Submission {}

        /** The gateway cannot be reached. */
        record Unreachable() implements Submission {}

        /** The gateway did not answer as it should. */
        record Failed(String reason) implements Submission {}
    }

    /**
     * Where a proposal stands.
     *
     * @param status {@code pending}, {@code approved} or {@code rejected}
     * @param reason why it was decided so, may be empty
     * @param reloaded whether the policy in force contains the rule
     */
    record State(String id, String status, String ruleName, String reason, boolean reloaded) {
        /** Whether nothing more will happen soon. */
        public boolean isFinal() {
            return status.equals("approved") ? reloaded : !status.equals("pending");
        }
    }
}
