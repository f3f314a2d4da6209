package io.openshell.model.policy;

/**
 * A program named by a network rule.
 *
 * @param path absolute path, or a glob over paths when it contains an asterisk
 */
public record NetworkBinary(String path) {}
