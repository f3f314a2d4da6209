package io.openshell.proxy.credential;

import io.openshell.proxy.inference.InferenceRoute;
import java.util.Optional;

/** Where a proxy learns which credentials its sandbox may use now. Asked for every request: never blocks. Any thread. */
@FunctionalInterface
public interface Credentials {
    /** A sandbox without any. */
    Credentials NONE = () -> CredentialSet.NONE;

    /**
     * Says what there is at this moment.
     *
     * @return the set
     */
    CredentialSet now();

    /**
     * Says where requests for models go at this moment.
     *
     * @return the route; empty when there is none
     */
    default Optional<InferenceRoute> inference() {
        return Optional.empty();
    }
}
