package io.openshell.model.policy;

/**
 * Identity of the processes in a sandbox. Either part may be left to the driver by an empty text.
 *
 * @param runAsUser "sandbox", a decimal user id, or empty
 * @param runAsGroup "sandbox", a decimal group id, or empty
 */
public record ProcessPolicy(String runAsUser, String runAsGroup) {
    /** Whether both parts are left to the driver. */
    public boolean isEmpty() {
        return runAsUser.isEmpty() && runAsGroup.isEmpty();
    }
}
