package io.openshell.model.global;

import io.openshell.model.AggregateState;
import io.openshell.model.Command;
import io.openshell.model.MisfitEvent;
import io.openshell.model.Rejection;
import io.openshell.model.RejectionCode;
import io.openshell.model.sandbox.SandboxCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the events of the global policy add up to.
 *
 * @param revisions oldest first; version n stands at index n - 1
 * @param present whether the newest one is in force
 */
public record GlobalPolicy(List<GlobalRevision> revisions, boolean present) implements AggregateState {

    /** There never was one. */
    public static final GlobalPolicy NONE = new GlobalPolicy(List.of(), false);

    public GlobalPolicy {
        revisions = List.copyOf(revisions);
    }

    /** The newest revision, in force or not. */
    public Optional<GlobalRevision> newest() {
        return revisions.isEmpty() ? Optional.empty() : Optional.of(revisions.get(revisions.size() - 1));
    }

    /** Revision by number, from 1. */
    public Optional<GlobalRevision> revision(int version) {
        return version < 1 || version > revisions.size() ? Optional.empty() : Optional.of(revisions.get(version - 1));
    }

    /** The revision that decides for every sandbox; empty while each sandbox's own policy does. */
    public Optional<GlobalRevision> inForce() {
        return present ? newest() : Optional.empty();
    }

    /** Number of the revision in force, 0 when there is none. */
    public int version() {
        return inForce().map(GlobalRevision::version).orElse(0);
    }

    /** Why a sandbox cannot be asked this now; empty when a global policy has nothing to do with it. */
    public Optional<Rejection> refusal(Command command) {
        boolean changesPolicy = command instanceof SandboxCommand.SetPolicy
                || command instanceof SandboxCommand.DecideDraft draft && draft.change().isPresent();
        return present && changesPolicy ? Optional.of(refusal()) : Optional.empty();
    }

    /** Why no sandbox's own policy can be changed while there is a global one. */
    public static Rejection refusal() {
        return new Rejection(RejectionCode.GLOBAL_POLICY_IN_FORCE,
                "a global policy is in force; delete it with `openshell policy delete --global` before changing a sandbox's own");
    }

    GlobalPolicy set(GlobalRevision revision) {
        if (revision.version() != revisions.size() + 1) {
            throw new MisfitEvent("global policy version " + revision.version(), revisions.size() + " versions");
        }
        List<GlobalRevision> next = new ArrayList<>(revisions);
        next.add(revision);
        return new GlobalPolicy(next, true);
    }

    GlobalPolicy deleted(int version) {
        if (version != version() || !present) {
            throw new MisfitEvent("the deletion of global policy version " + version, "version " + version() + " in force");
        }
        return new GlobalPolicy(revisions, false);
    }
}
