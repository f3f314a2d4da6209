package io.openshell.proxy;

import io.openshell.model.egress.Caller;
import io.openshell.model.egress.ReasonCode;
import java.util.Objects;

/** The outcome of looking for the process behind a connection. */
public sealed interface Identified {

    /**
     * The process was found beyond doubt.
     *
     * @param pid its process id as the host sees it
     * @param caller what policies are evaluated against
     */
    record Known(int pid, Caller caller) implements Identified {
        /** Refuses a missing caller. */
        public Known {
            Objects.requireNonNull(caller, "caller");
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
