package io.openshell.proxy;

import java.util.Optional;

/** What a refused client is told. */
sealed interface Reply {
    /** Nothing: the connection is closed. */
    record Drop() implements Reply {}

    /** A status without a body. */
    record Bare(int status) implements Reply {}

    /** A status with a sentence. */
    record Text(int status, String text) implements Reply {}

    /** A status with a JSON body; the decision id is added when it is written. */
    record Json(int status, String error, String detail, Optional<String> reason) implements Reply {}

    /** A 403 that says everything about a refused request. */
    record Denied(RequestDenial denial) implements Reply {}
}
