package io.openshell.proxy;

import io.openshell.model.egress.RequestScope;

/**
 * How the bytes of an allowed connection are treated.
 *
 * @param requests judges the requests in it
 * @param skipsTls whether TLS is left alone
 */
record Passage(RequestScope requests, boolean skipsTls) {
    /** Whether bytes pass without being looked at. */
    boolean isOpaque() {
        return skipsTls && !requests.reads();
    }
}
