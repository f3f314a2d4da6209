package io.openshell.model.isolation;

/** The layers that seal a sandbox. Names stand in the log and never change. */
public enum LayerKind {
    USER_IDS,
    CAPABILITIES,
    NO_NEW_PRIVS,
    MOUNTS,
    PID_NAMESPACE,
    NETWORK_NAMESPACE,
    IPC_NAMESPACE,
    UTS_NAMESPACE,
    LANDLOCK,
    SECCOMP,
    RLIMITS,
    DESCRIPTORS,
    ENVIRONMENT,
    PROXY_LISTENER,
    RESOURCES
}
