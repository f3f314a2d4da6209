package io.openshell.agent.desired;

import io.openshell.model.sandbox.Session;

/** Hears of what the log wants, never of history: nothing is called before the feed has caught up. Must not block. */
public interface DesiredListener {

    /** What is wanted of this sandbox may have changed. */
    void onChanged(String sandboxId);

    /** Somebody wants to enter this sandbox now. */
    void onSession(String sandboxId, Session session);
}
