package io.openshell.wire.events;

import io.openshell.model.policy.PolicyDocument;
import io.openshell.wire.policy.PolicyCodec;
import io.openshell.wire.sandbox.v1.SandboxPolicy;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Decodes policies of the log. A fleet's sandboxes have few policies among them, so equal ones are decoded once and are one
 * object in memory. Bounded; any thread.
 */
final class SharedPolicies {
    private static final int MOST = 256;

    /** A larger one is decoded every time: what is kept stays below some ten megabytes. */
    private static final int MOST_BYTES = 16 << 10;

    private static final float LOAD = 0.75f;
    private static final Map<SandboxPolicy, PolicyDocument> NEWEST = new LinkedHashMap<>(MOST, LOAD, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<SandboxPolicy, PolicyDocument> eldest) {
            return size() > MOST;
        }
    };

    private SharedPolicies() {}

    /** The document this message holds. */
    static PolicyDocument decode(SandboxPolicy message) {
        if (message.getSerializedSize() > MOST_BYTES) {
            return PolicyCodec.decode(message);
        }
        synchronized (NEWEST) {
            return NEWEST.computeIfAbsent(message, PolicyCodec::decode);
        }
    }
}
