package io.openshell.model.sandbox;

import io.openshell.model.MisfitEvent;
import io.openshell.model.sandbox.PolicyRevision.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Every policy revision of one sandbox.
 *
 * @param revisions oldest first; version n stands at index n - 1
 * @param activeVersion the one in force, 0 before any was loaded; never moves backwards
 * @param globalVersion revision of the global policy that its node last told to enforce in place of them, 0 for none
 * @param provided the rules of attached providers that its node last told to enforce beside them
 */
public record Policies(List<PolicyRevision> revisions, int activeVersion, int globalVersion, ProvidedInForce provided) {

    static final Policies NONE = new Policies(List.of(), 0, 0, ProvidedInForce.NONE);

    public Policies {
        revisions = List.copyOf(revisions);
    }

    /** The newest revision. */
    public Optional<PolicyRevision> newest() {
        return revisions.isEmpty() ? Optional.empty() : Optional.of(revisions.get(revisions.size() - 1));
    }

    /** Revision by number, from 1. */
    public Optional<PolicyRevision> revision(int version) {
        return version < 1 || version > revisions.size() ? Optional.empty() : Optional.of(revisions.get(version - 1));
    }

    Policies stored(PolicyRevision revision) {
        List<PolicyRevision> next = new ArrayList<>(revisions);
        next.add(revision);
        return new Policies(next, activeVersion, globalVersion, provided);
    }

    /** Older revisions are superseded only once a newer one is in force, so the label always tells what runs. */
    Policies loaded(int version, Instant at) {
        if (version <= activeVersion) {
            throw new MisfitEvent("policy version " + version + " loaded", "active version " + activeVersion);
        }
        requireStored(version);
        List<PolicyRevision> next = new ArrayList<>(revisions.size());
        for (PolicyRevision each : revisions) {
            boolean older = each.version() < version && each.status().kind() != Status.Kind.FAILED;
            if (each.version() == version) {
                next.add(each.with(new Status(Status.Kind.LOADED, "", Optional.of(at))));
            } else if (older) {
                next.add(each.with(new Status(Status.Kind.SUPERSEDED, "", each.status().loadedAt())));
            } else {
                next.add(each);
            }
        }
        return new Policies(next, version, globalVersion, provided);
    }

    Policies failed(int version, String error) {
        requireStored(version);
        List<PolicyRevision> next = new ArrayList<>(revisions);
        next.set(version - 1, revisions.get(version - 1).with(new Status(Status.Kind.FAILED, error, Optional.empty())));
        return new Policies(next, activeVersion, globalVersion, provided);
    }

    /** With another revision of the global policy in place of them; 0 for none. */
    Policies under(int global) {
        return new Policies(revisions, activeVersion, global, provided);
    }

    /** With other rules of attached providers beside them. */
    Policies beside(String mark) {
        return new Policies(revisions, activeVersion, globalVersion, provided.next(mark));
    }

    private void requireStored(int version) {
        if (revision(version).isEmpty()) {
            throw new MisfitEvent("a report of policy version " + version, revisions.size() + " versions");
        }
    }
}
