package io.openshell.model.policy.merge;

import io.openshell.model.policy.PolicyDocument;
import java.util.List;
import java.util.Objects;

/** What became of a batch of operations: all of them, or none. */
public sealed interface MergeOutcome {

    /**
     * All operations were applied. The document may equal the one before, and is not validated.
     *
     * @param warnings sentences about what was ignored or is likely not meant
     */
    record Merged(PolicyDocument document, List<String> warnings) implements MergeOutcome {
        /** Keeps a copy. */
        public Merged {
            Objects.requireNonNull(document, "document");
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * Nothing was applied.
     *
     * @param reason one sentence for a person
     */
    record Refused(Kind kind, String reason) implements MergeOutcome {
        /** Refuses missing parts. */
        public Refused {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** Why a batch was refused. */
    enum Kind {
        /** The operation itself makes no sense. */
        INVALID,
        /** What it is about is not in the policy. */
        NOT_FOUND,
        /** It would grant more than it says, or it is not clear what is meant. */
        CONFLICT
    }
}
