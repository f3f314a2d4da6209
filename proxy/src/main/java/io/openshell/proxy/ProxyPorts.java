package io.openshell.proxy;

import io.openshell.proxy.credential.Credentials;
import java.util.Objects;

/**
 * What a proxy needs from its surroundings.
 *
 * @param callers finds the process behind a connection
 * @param verdicts takes every decision
 * @param resolver turns names into addresses
 * @param dialer says where a checked address is dialled
 * @param credentials says which credentials the sandbox may use
 * @param advisor answers programs that ask about the policy itself
 */
public record ProxyPorts(
        CallerIdentification callers, VerdictSink verdicts, Resolver resolver, Dialer dialer, Credentials credentials,
        PolicyAdvisor advisor) {
    /** Refuses missing parts. */
    public ProxyPorts {
        Objects.requireNonNull(callers, "callers");
        Objects.requireNonNull(verdicts, "verdicts");
        Objects.requireNonNull(resolver, "resolver");
        Objects.requireNonNull(dialer, "dialer");
        Objects.requireNonNull(credentials, "credentials");
        Objects.requireNonNull(advisor, "advisor");
    }

    /** The same with somebody to ask about the policy. */
    public ProxyPorts with(PolicyAdvisor next) {
        return new ProxyPorts(callers, verdicts, resolver, dialer, credentials, next);
    }

    /** Of a proxy that answers nothing about its policy. */
    public ProxyPorts(
            CallerIdentification callers, VerdictSink verdicts, Resolver resolver, Dialer dialer, Credentials credentials) {
        this(callers, verdicts, resolver, dialer, credentials, PolicyAdvisor.OFF);
    }

    /** Without credentials. */
    public ProxyPorts(CallerIdentification callers, VerdictSink verdicts, Resolver resolver, Dialer dialer) {
        this(callers, verdicts, resolver, dialer, Credentials.NONE);
    }

    /**
     * The ports of a production proxy, which dials what it checked.
     *
     * @param callers finds the process behind a connection
     * @param verdicts takes every decision
     * @param resolver turns names into addresses
     * @param credentials says which credentials the sandbox may use
     * @return the ports
     */
    public static ProxyPorts of(
            CallerIdentification callers, VerdictSink verdicts, Resolver resolver, Credentials credentials) {
        return new ProxyPorts(callers, verdicts, resolver, Dialer.DIRECT, credentials);
    }
}
