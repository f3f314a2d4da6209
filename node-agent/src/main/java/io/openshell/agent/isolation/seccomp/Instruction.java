package io.openshell.agent.isolation.seccomp;

/** One classic BPF instruction as seccomp takes it. */
public record Instruction(int code, int jumpTrue, int jumpFalse, long operand) {}
