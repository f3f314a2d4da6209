package io.openshell.model.sandbox;

/** What a user sees of a sandbox's lifecycle. No phase is a dead end: each can be left by start, stop or delete. */
public enum Phase {
    PROVISIONING,
    READY,
    ERROR,
    DELETING,
    STOPPING,
    STOPPED,
    STARTING
}
