package io.openshell.agent.isolation;

import io.openshell.agent.isolation.landlock.LandlockRule;
import io.openshell.agent.isolation.mounts.MountStep;
import io.openshell.model.isolation.LayerKind;
import java.util.List;
import java.util.Map;

/**
 * Everything put around one sandbox, decided before any thread is sealed. Immutable.
 *
 * @param order the layers in the order they are applied
 * @param uid user and group id of the sandbox, nobody else's
 * @param landlockAbi version to use; 0 leaves the layer out
 */
public record IsolationPlan(List<LayerKind> order, int uid, List<MountStep> mounts, int landlockAbi, List<LandlockRule> landlock,
        Map<String, String> environment, String hostname) {
    public IsolationPlan {
        order = List.copyOf(order);
        mounts = List.copyOf(mounts);
        landlock = List.copyOf(landlock);
        environment = Map.copyOf(environment);
    }


    @Override
    public String toString() {
        return "IsolationPlan[uid=" + uid + ", abi=" + landlockAbi + ", " + mounts.size() + " mounts]";
    }
}
