package io.openshell.gateway.grpc;

import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.sandbox.PolicyRevision;
import io.openshell.wire.policy.PolicyCodec;
import io.openshell.wire.sandbox.v1.SandboxPolicy;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Policies as messages, the newest few kept: the rows of a list carry one each, most of them the same. Bounded. Any thread.
 */
final class EncodedPolicies {
    private static final int KEPT = 256;

    /** By hash of the content; guarded by itself. */
    private final Map<String, Encoded> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Encoded> eldest) {
            return size() > KEPT;
        }
    };

    private record Encoded(PolicyDocument document, SandboxPolicy message) {}

    /** The policy of this revision. */
    SandboxPolicy of(PolicyRevision revision) {
        Encoded found;
        synchronized (kept) {
            found = kept.get(revision.hash());
        }
        // The hash is a claim of the log; what is shown of a sandbox is its own document whatever that says.
        if (found != null && found.document().equals(revision.policy())) {
            return found.message();
        }
        SandboxPolicy message = PolicyCodec.encode(revision.policy());
        synchronized (kept) {
            kept.put(revision.hash(), new Encoded(revision.policy(), message));
        }
        return message;
    }
}
