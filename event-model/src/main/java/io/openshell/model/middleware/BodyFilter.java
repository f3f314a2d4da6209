package io.openshell.model.middleware;

/**
 * A middleware of a policy as it applies to the requests of one host.
 *
 * @param key its key in the policy
 * @param redactor what it does
 * @param failsClosed whether a request it cannot look at is refused; otherwise that passes unread
 */
public record BodyFilter(String key, Redactor redactor, boolean failsClosed) {}
