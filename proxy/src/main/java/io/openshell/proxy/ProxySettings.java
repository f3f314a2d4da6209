package io.openshell.proxy;

import io.openshell.model.egress.CompiledPolicy;
import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * What one sandbox's proxy is started with.
 *
 * @param listenerFd an unbound IPv4 stream socket opened in the sandbox's network namespace, which the proxy takes over and
 *     closes; -1 lets the proxy open its own socket in the calling process's namespace
 * @param bind where to listen; port 0 picks a free one
 * @param sandbox the sandbox served
 * @param policy the policy in force at start
 * @param generation the generation of that policy
 * @param ports the surroundings
 * @param limits bounds and deadlines
 */
public record ProxySettings(
        int listenerFd,
        InetSocketAddress bind,
        SandboxRef sandbox,
        CompiledPolicy policy,
        long generation,
        ProxyPorts ports,
        ProxyLimits limits) {
    /** The descriptor that stands for "open a socket yourself". */
    public static final int OWN_SOCKET = -1;

    /** Refuses missing parts. */
    public ProxySettings {
        Objects.requireNonNull(bind, "bind");
        Objects.requireNonNull(sandbox, "sandbox");
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(ports, "ports");
        Objects.requireNonNull(limits, "limits");
    }
}
