package io.openshell.agent.launcher;

import io.openshell.agent.isolation.namespaces.Namespaces;
import io.openshell.agent.isolation.users.UserNamespaceLimits;
import io.openshell.agent.linux.KernelException;
import io.openshell.agent.linux.Memory;
import io.openshell.agent.linux.Native;
import io.openshell.agent.linux.Sys;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether what a user namespace promises works here. A security module may let one be made and then refuse every use of it, which no
 * setting tells; so a thread tries, in namespaces that end with it.
 */
final class NamespaceTrial implements Runnable {
    private static final long LIMIT_MILLIS = 5_000;
    private static final long REC_PRIVATE = 16384 | 1 << 18;
    private volatile boolean done;
    private volatile @Nullable Throwable failure;

    private NamespaceTrial() {}

    /** Why sandboxes could not be sealed; empty when all went well. Tried once per process. */
    static Optional<String> obstacle() {
        return Once.RESULT;
    }

    private static final class Once {
        private static final Optional<String> RESULT = tried();
    }

    private static Optional<String> tried() {
        Preload.run();
        NamespaceTrial trial = new NamespaceTrial();
        Thread thread = new Thread(null, trial, "namespace-trial", 256 * 1024);
        thread.setDaemon(true);
        thread.start();
        try {
            thread.join(LIMIT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
        Throwable fault = trial.failure;
        if (trial.done && fault == null) {
            return Optional.empty();
        }
        return Optional.of("this user namespace is of no use (" + (fault == null ? "no answer" : fault.getMessage()) + "): "
                + UserNamespaceLimits.ofMachine().map(UserNamespaceLimits::sentence)
                        .orElse("a security module or a filter around the gateway refuses it; run the gateway as root"));
    }

    @Override
    public void run() {
        try {
            Namespaces.create("trial");
            Namespaces.network();
            try (Memory m = new Memory()) {
                Native.check("private mounts", Sys.MOUNT, m.text("none"), m.text("/"), 0, REC_PRIVATE, 0);
                Native.check("mount", Sys.MOUNT, m.text("tmpfs"), m.text("/tmp"), m.text("tmpfs"), 0, 0);
            }
            done = true;
        } catch (KernelException | LinkageError e) {
            failure = e;
        }
    }
}
