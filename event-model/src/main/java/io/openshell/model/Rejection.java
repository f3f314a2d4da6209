package io.openshell.model;

/**
 * Why a command was refused.
 *
 * @param code stable for ever; what programs look at
 * @param reason one sentence for a person, without secrets
 */
public record Rejection(RejectionCode code, String reason) {}
