package io.openshell.proxy;

import io.openshell.model.egress.CompiledPolicy;
import java.util.Objects;

/**
 * What one sandbox's proxy is started with.
 *
 * @param listener where connections come from
 * @param sandbox the sandbox served
 * @param policy the policy in force at start
 * @param generation the generation of that policy
 * @param tls how TLS in tunnels is terminated, if it can be
 * @param ports the surroundings
 * @param limits bounds and deadlines
 */
public record ProxySettings(
        Listener listener,
        SandboxRef sandbox,
        CompiledPolicy policy,
        long generation,
        TlsTermination tls,
        ProxyPorts ports,
        ProxyLimits limits) {
    /** Refuses missing parts. */
    public ProxySettings {
        Objects.requireNonNull(listener, "listener");
        Objects.requireNonNull(sandbox, "sandbox");
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(tls, "tls");
        Objects.requireNonNull(ports, "ports");
        Objects.requireNonNull(limits, "limits");
    }
}
