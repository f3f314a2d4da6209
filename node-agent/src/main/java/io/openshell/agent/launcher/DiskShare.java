package io.openshell.agent.launcher;

import io.openshell.agent.isolation.IsolationPlan;
import io.openshell.agent.isolation.mounts.MountStep;
import java.util.List;

/** The size of a sandbox's /tmp. Pure. */
final class DiskShare {

    private DiskShare() {}

    /** The plan with that many bytes; 0 leaves it as it is. */
    static IsolationPlan over(IsolationPlan plan, long bytes) {
        if (bytes <= 0) {
            return plan;
        }
        List<MountStep> steps = plan.mounts().stream().map(step -> step instanceof MountStep.Fresh f && f.target().equals("/tmp")
                ? new MountStep.Fresh(f.type(), f.target(), f.options().replaceFirst("size=[0-9a-z]+", "size=" + bytes), f.noDevices(), f.noExec())
                : step).toList();
        return new IsolationPlan(plan.order(), plan.uid(), steps, plan.landlockAbi(), plan.landlock(), plan.environment(), plan.hostname());
    }
}
