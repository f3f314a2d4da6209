package io.openshell.proxy;

import java.util.Optional;

/**
 * One decision to be recorded.
 *
 * @param finding what was decided
 * @param ask about what, as far as it could be read
 * @param by who asked, once that is known
 * @param decisionId unique id, also in the answer to the client
 */
record VerdictEntry(Finding finding, Optional<Ask> ask, Optional<Identified.Known> by, String decisionId) {}
