package io.openshell.agent.launcher;

/** Kernel objects of one sandbox in the agent's descriptor table, and its PID 1 as the agent sees it. */
record SandboxHandles(int initPid, int initHandle, int proxyFd, int diagFd) {}
