package io.openshell.model.inference;

/**
 * Where a route leads.
 *
 * @param provider name of a provider in the same workspace
 * @param model as the provider names it
 * @param timeoutSeconds bound of an answer that is not streamed; 0 for the usual one
 */
public record RouteTarget(String provider, String model, long timeoutSeconds) {}
