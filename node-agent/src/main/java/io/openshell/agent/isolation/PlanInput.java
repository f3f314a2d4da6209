package io.openshell.agent.isolation;

import java.util.Map;

/**
 * What a plan is made from besides the host's files.
 *
 * @param environment complete environment of the main process; may hold secrets
 */
public record PlanInput(FilesystemView view, int uid, int landlockAbi, Map<String, String> environment, String hostname) {
    public PlanInput {
        environment = Map.copyOf(environment);
    }

    @Override
    public String toString() {
        return "PlanInput[uid=" + uid + ", abi=" + landlockAbi + "]";
    }
}
