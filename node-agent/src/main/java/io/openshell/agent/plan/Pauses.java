package io.openshell.agent.plan;

import io.openshell.agent.plan.Run.Started;
import io.openshell.model.sandbox.Phase;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.sandbox.SandboxState.Live;
import java.util.Optional;

/** Tells that somebody holds a sandbox still, or no longer does, for as long as the log has it otherwise. Pure. */
public final class Pauses {

    private Pauses() {}

    /**
     * The report that is due.
     *
     * @param held what holds it still now, and the way out
     */
    public static Optional<Step.Report> due(Live wanted, Run run, Optional<String> held) {
        String instance = wanted.lifecycle().instanceId();
        boolean told = wanted.phase() == Phase.READY
                && run instanceof Started started
                && started.enforcement().instanceId().equals(instance)
                && wanted.lifecycle().paused() != held.isPresent();
        // Under the time of what it changes: it can be paused again and again.
        return told
                ? Optional.of(new Step.Report(
                        (held.isPresent() ? "paused." : "resumed.") + instance + "." + wanted.lifecycle().condition().sinceMillis(),
                        new SandboxCommand.ReportPause(wanted.placement().epoch(), instance, held)))
                : Optional.empty();
    }
}
