package io.openshell.projection.fold;

import io.openshell.model.StreamId;
import io.openshell.model.global.GlobalPolicy;
import io.openshell.projection.policy.GlobalPolicyReads;

/** The global policy read from the fold. */
public final class FoldedGlobalPolicy implements GlobalPolicyReads {

    private final EventFold fold;

    /** Reads this fold. */
    public FoldedGlobalPolicy(EventFold fold) {
        this.fold = fold;
    }

    @Override
    public GlobalPolicy globalPolicy() {
        return fold.image().find(StreamId.globalPolicy())
                .map(StreamState::state)
                .filter(GlobalPolicy.class::isInstance)
                .map(GlobalPolicy.class::cast)
                .orElse(GlobalPolicy.NONE);
    }
}
