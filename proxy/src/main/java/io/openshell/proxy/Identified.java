package io.openshell.proxy;

import io.openshell.model.egress.Caller;
import io.openshell.model.egress.ReasonCode;
import java.util.Map;
import java.util.Objects;

/** The outcome of looking for the process behind a connection. */
public sealed interface Identified {

    /**
     * The process was found beyond doubt.
     *
     * @param pid its process id as the host sees it
     * @param caller what policies are evaluated against
     * @param sha256 lower-case hex hashes of its executable and ancestors by path, as far as known
     */
    record Known(int pid, Caller caller, Map<String, String> sha256) implements Identified {
        /** Refuses a missing caller. */
        public Known {
            Objects.requireNonNull(caller, "caller");
            sha256 = Map.copyOf(sha256);
        }

        /** A process whose files were not hashed. */
        public Known(int pid, Caller caller) {
            this(pid, caller, Map.of());
        }
    }

    /**
     * The process was not found, or there is doubt; the connection is denied.
     *
     * @param code the class of the failure
     * @param reason the failure in words, without secrets
     */
    record Unknown(ReasonCode code, String reason) implements Identified {
        /** Refuses missing parts. */
        public Unknown {
            Objects.requireNonNull(code, "code");
            Objects.requireNonNull(reason, "reason");
        }
    }
}
