package io.openshell.model.isolation;

/** One protection put around a sandbox; every launch reports on each of them. */
public enum LayerKind {
    USER_IDS, CAPABILITIES, NO_NEW_PRIVS, MOUNTS, PID_NAMESPACE, NETWORK_NAMESPACE, IPC_NAMESPACE, UTS_NAMESPACE,
    LANDLOCK, SECCOMP, RLIMITS, DESCRIPTORS, ENVIRONMENT, PROXY_LISTENER
}
