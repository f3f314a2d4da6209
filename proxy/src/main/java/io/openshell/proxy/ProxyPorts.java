package io.openshell.proxy;

import java.util.Objects;

/**
 * What a proxy needs from its surroundings.
 *
 * @param callers finds the process behind a connection
 * @param verdicts takes every decision
 * @param resolver turns names into addresses
 * @param dialer says where a checked address is dialled
 * @param advisor answers programs that ask about the policy itself
 */
public record ProxyPorts(
        CallerIdentification callers, VerdictSink verdicts, Resolver resolver, Dialer dialer, PolicyAdvisor advisor) {
    /** Refuses missing parts. */
    public ProxyPorts {
        Objects.requireNonNull(callers, "callers");
        Objects.requireNonNull(verdicts, "verdicts");
        Objects.requireNonNull(resolver, "resolver");
        Objects.requireNonNull(dialer, "dialer");
        Objects.requireNonNull(advisor, "advisor");
    }

    /** Ports of a proxy that answers nothing about its policy. */
    public ProxyPorts(CallerIdentification callers, VerdictSink verdicts, Resolver resolver, Dialer dialer) {
        this(callers, verdicts, resolver, dialer, PolicyAdvisor.OFF);
    }

    /** The same with somebody to ask about the policy. */
    public ProxyPorts with(PolicyAdvisor next) {
        return new ProxyPorts(callers, verdicts, resolver, dialer, next);
    }

    /**
     * The ports of a production proxy, which dials what it checked.
     *
     * @param callers finds the process behind a connection
     * @param verdicts takes every decision
     * @param resolver turns names into addresses
     * @return the ports
     */
    public static ProxyPorts of(CallerIdentification callers, VerdictSink verdicts, Resolver resolver) {
        return new ProxyPorts(callers, verdicts, resolver, Dialer.DIRECT);
    }
}
