package io.openshell.agent.execute;

import io.openshell.agent.runtime.Secret;
import io.openshell.agent.runtime.TrustFiles;
import io.openshell.proxy.TlsTermination;
import io.openshell.proxy.tls.SandboxAuthority;
import io.openshell.proxy.tls.SystemAnchors;
import io.openshell.proxy.tls.UpstreamTrust;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the certificate authority of each run of a sandbox. Making one takes some milliseconds, so a few that nobody has yet are
 * made ahead of time; each is given to one run only. What the machine itself believes is read once. Thread safe.
 */
final class SandboxTls {
    /** Made ahead of time, each with about half a megabyte of files. */
    private static final int AHEAD = 8;

    /** After a launch has taken one, so that making the next one does not take the launch's processor. */
    private static final long LATER_MILLIS = 25;

    private static final Logger LOG = LoggerFactory.getLogger(SandboxTls.class);

    private final BlockingQueue<Made> ahead = new ArrayBlockingQueue<>(AHEAD);
    private final ScheduledExecutorService maker = Executors.newSingleThreadScheduledExecutor(SandboxTls::daemon);
    private final AtomicBoolean making = new AtomicBoolean();
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

    private static Thread daemon(Runnable work) {
        return Thread.ofPlatform().daemon().name("sandbox-tls").unstarted(work);
    }

    /** Makes what the first launches would otherwise wait for, in the background. */
    void warmUp() {
        makeAhead(0);
    }

    /** An authority nobody else has. When none can be made the sandbox still runs, without tunnels whose TLS would be terminated. */
    Made take() {
        Made made = ahead.poll();
        makeAhead(LATER_MILLIS);
        return made == null ? make() : made;
    }

    private void makeAhead(long millis) {
        if (making.compareAndSet(false, true)) {
            maker.schedule(this::fill, millis, TimeUnit.MILLISECONDS);
        }
    }

    /** What cannot be made is not kept: the next launch tries again, and says so. */
    private void fill() {
        making.set(false);
        Made made = ahead.remainingCapacity() == 0 ? null : make();
        if (made != null && made.termination() instanceof TlsTermination.Possible && ahead.offer(made)) {
            makeAhead(1);
        }
    }

    private Made make() {
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
