package io.openshell.agent.doctor;

import io.openshell.agent.launcher.LinuxRuntime;
import io.openshell.agent.launcher.LinuxSettings;
import io.openshell.agent.runtime.LaunchOutcome;
import io.openshell.agent.runtime.LaunchRequest;
import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.model.policy.LandlockPolicy;
import io.openshell.model.policy.PolicyDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Seals a sandbox that does nothing, reads its seal back and removes it: what the layers promise, tried. */
final class Trial {
    /** Outside the range of any gateway, so that no running sandbox has the same user. */
    private static final int UID = 3_000_000;
    private static final long LIMIT_SECONDS = 10;
    private static final String NAME = "doctor";

    private Trial() {}

    static Finding run() {
        try {
            Path folder = Files.createTempDirectory("openshell-doctor");
            LinuxRuntime runtime = new LinuxRuntime(new LinuxSettings(folder, UID, List.of()));
            try {
                return launched(runtime);
            } finally {
                runtime.purge(NAME);
                remove(folder);
            }
        } catch (IOException | RuntimeException e) {
            return failed(String.valueOf(e.getMessage()));
        }
    }

    private static Finding launched(LinuxRuntime runtime) {
        PolicyDocument empty = PolicyDocument.empty();
        PolicyDocument policy = new PolicyDocument(empty.version(), empty.filesystem(), Optional.of(new LandlockPolicy("best_effort")),
                empty.process(), empty.networkPolicies(), empty.middlewares());
        long began = System.nanoTime();
        return switch (runtime.launch(new LaunchRequest(NAME, NAME, NAME, policy, List.of("true"), Map.of(), false))) {
            case LaunchOutcome.Running r -> ended(r.sandbox(), began);
            case LaunchOutcome.Refused r -> failed(r.reason());
            case LaunchOutcome.Failed f -> failed(f.stage() + ": " + f.message());
        };
    }

    private static Finding ended(RunningSandbox sandbox, long began) {
        try {
            int code = sandbox.main().exit().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
            long millis = (System.nanoTime() - began) / 1_000_000;
            return code == 0 ? Finding.ok("trial", "a sandbox was sealed, read back and ended in " + millis + " ms")
                    : failed("the trial program ended with " + code);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed("interrupted");
        } catch (ExecutionException | TimeoutException e) {
            return failed("the trial program did not end: " + e);
        } finally {
            sandbox.stop();
        }
    }

    private static Finding failed(String why) {
        return Finding.missing("trial", why, "no sandbox can run", "see the layers above; the sentence names the step that failed");
    }

    private static void remove(Path folder) throws IOException {
        try (var tree = Files.walk(folder)) {
            for (Path one : tree.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        }
    }
}
