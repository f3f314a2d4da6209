package io.openshell.agent.launcher;

import io.openshell.agent.capture.CaptureSockets;
import java.util.Optional;

/**
 * Kernel objects of one sandbox in the agent's descriptor table, and its PID 1 as the agent sees it.
 *
 * @param capture where its direct attempts are seen
 * @param keeping by what it outlives the agent; empty when it does not
 */
record SandboxHandles(int initPid, int initHandle, int proxyFd, int diagFd, CaptureSockets capture,
        Optional<Keeping> keeping) {}
