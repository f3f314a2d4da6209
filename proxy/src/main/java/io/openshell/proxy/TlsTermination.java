package io.openshell.proxy;

import io.openshell.proxy.tls.SandboxAuthority;
import io.openshell.proxy.tls.UpstreamTrust;
import java.util.Objects;

/** Whether and how TLS inside tunnels is taken off and put on again. */
public sealed interface TlsTermination {
    /**
     * Whether tunnels that are not to skip TLS may be opened.
     *
     * @return true when termination is possible
     */
    boolean isPossible();

    /**
     * TLS is terminated.
     *
     * @param authority signs for the hosts the sandbox talks to
     * @param upstream whom the proxy itself believes
     */
    record Possible(SandboxAuthority authority, UpstreamTrust upstream) implements TlsTermination {
        /** Refuses missing parts. */
        public Possible {
            Objects.requireNonNull(authority, "authority");
            Objects.requireNonNull(upstream, "upstream");
        }

        @Override
        public boolean isPossible() {
            return true;
        }
    }

    /**
     * TLS cannot be terminated, so only endpoints that skip it can be reached by tunnels.
     *
     * @param reason why, without secrets
     */
    record Impossible(String reason) implements TlsTermination {
        @Override
        public boolean isPossible() {
            return false;
        }
    }
}
