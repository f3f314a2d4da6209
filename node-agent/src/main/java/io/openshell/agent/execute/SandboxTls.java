package io.openshell.agent.execute;

import io.openshell.agent.runtime.Secret;
import io.openshell.agent.runtime.TrustFiles;
import io.openshell.proxy.TlsTermination;
import io.openshell.proxy.tls.SandboxAuthority;
import io.openshell.proxy.tls.SystemAnchors;
import io.openshell.proxy.tls.UpstreamTrust;
import java.io.IOException;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the certificate authority of each run of a sandbox. What the machine itself believes is read once. Thread safe; takes
 * some milliseconds.
 */
final class SandboxTls {
    private static final Logger LOG = LoggerFactory.getLogger(SandboxTls.class);

    private @Nullable Machine machine;

    /** What the machine believes. */
    private record Machine(SystemAnchors anchors, UpstreamTrust trust) {}

    /**
     * One run's TLS: the proxy's part with the key, the sandbox's part without.
     *
     * @param termination for the proxy
     * @param files for the sandbox
     * @param secret for the agent that takes the sandbox over
     */
    record Made(TlsTermination termination, TrustFiles files, Secret secret) {}

    /** Loads what the first launch would otherwise wait for, in the background. */
    void warmUp() {
        Thread.ofPlatform().daemon().name("sandbox-tls").start(this::make);
    }

    /** Makes an authority nobody else has. When that fails the sandbox still runs, without tunnels whose TLS would be terminated. */
    Made make() {
        try {
            Machine believed = machine();
            SandboxAuthority authority = SandboxAuthority.create();
            String own = SystemAnchors.pem(authority.certificate());
            TrustFiles files = new TrustFiles(
                    own, believed.anchors().pem() + own, believed.anchors().javaStore(authority.certificate()));
            return new Made(new TlsTermination.Possible(authority, believed.trust()), files, new Secret(authority.secret()));
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            LOG.error("no certificate authority; TLS cannot be terminated", e);
            return new Made(new TlsTermination.Impossible(String.valueOf(e.getMessage())), TrustFiles.NONE, Secret.NONE);
        }
    }

    /** The proxy's part of a run whose authority an earlier agent made; the sandbox believes it already. */
    TlsTermination restore(Secret secret) {
        if (secret.isEmpty()) {
            return new TlsTermination.Impossible("the sandbox was started without a certificate authority");
        }
        try {
            return new TlsTermination.Possible(SandboxAuthority.restore(secret.bytes()), machine().trust());
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            LOG.error("the certificate authority of a running sandbox is lost; TLS cannot be terminated", e);
            return new TlsTermination.Impossible(String.valueOf(e.getMessage()));
        }
    }

    private synchronized Machine machine() throws GeneralSecurityException, IOException {
        Machine known = machine;
        if (known == null) {
            SystemAnchors anchors = SystemAnchors.load();
            known = new Machine(anchors, UpstreamTrust.of(anchors.certificates()));
            machine = known;
        }
        return known;
    }
}
