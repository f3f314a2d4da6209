package io.openshell.agent.launcher;

/** Kernel objects of one sandbox in the agent's descriptor table, its PID 1 as the agent sees it, and what it outlives the agent by. */
record SandboxHandles(int initPid, int initHandle, int proxyFd, int diagFd, Keeping keeping) {}
