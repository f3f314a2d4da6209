package io.openshell.proxy;

import io.openshell.model.egress.RequestScope;
import io.openshell.proxy.inference.InferenceRoute;
import java.util.Optional;

/**
 * How the bytes of an allowed connection are treated.
 *
 * @param requests judges the requests in it
 * @param skipsTls whether TLS is left alone
 * @param route where requests for models go, when that is what the connection is for
 */
record Passage(RequestScope requests, boolean skipsTls, Optional<InferenceRoute> route) {
    /** Of a connection to the host that was asked for. */
    Passage(RequestScope requests, boolean skipsTls) {
        this(requests, skipsTls, Optional.empty());
    }

    /** Whether bytes pass without being looked at. */
    boolean isOpaque() {
        return skipsTls && !requests.reads();
    }
}
