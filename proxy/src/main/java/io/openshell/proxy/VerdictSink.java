package io.openshell.proxy;

/**
 * Takes every decision of a proxy, allowed or denied.
 *
 * <p>Called on an event loop: an implementation hands the verdict over and returns at once. An exception thrown for an
 * allowed connection stops that connection, since traffic nobody can account for is not let through.
 */
@FunctionalInterface
public interface VerdictSink {
    /**
     * Records one decision. There is exactly one per tunnel or request.
     *
     * @param verdict the decision
     */
    void record(Verdict verdict);
}
