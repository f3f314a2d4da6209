package io.openshell.agent.isolation;

import io.openshell.model.policy.FilesystemPolicy;
import io.openshell.model.policy.LandlockPolicy;
import io.openshell.model.policy.PolicyDocument;
import java.util.List;

/**
 * The part of a policy that shapes the file view.
 *
 * @param hardRequirement a listed path that is missing refuses the launch
 * @param bestEffort the policy itself says it accepts a kernel without Landlock
 */
public record FilesystemView(List<String> readOnly, List<String> readWrite, boolean includeWorkdir, boolean hardRequirement,
        boolean bestEffort) {
    public FilesystemView {
        readOnly = List.copyOf(readOnly);
        readWrite = List.copyOf(readWrite);
    }

    /** Reads the view out of a policy. Only the literal text {@code best_effort} loosens anything. */
    public static FilesystemView of(PolicyDocument policy) {
        FilesystemPolicy files = policy.filesystem().orElse(new FilesystemPolicy(true, List.of(), List.of()));
        boolean hard = policy.landlock().flatMap(LandlockPolicy::mode).filter(LandlockPolicy.Mode.HARD_REQUIREMENT::equals).isPresent();
        boolean soft = policy.landlock().map(l -> l.compatibility().equals("best_effort")).orElse(false);
        return new FilesystemView(files.readOnly(), files.readWrite(), files.includeWorkdir(), hard, soft);
    }
}
