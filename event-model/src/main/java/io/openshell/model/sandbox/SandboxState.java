package io.openshell.model.sandbox;

import io.openshell.model.AggregateState;
import io.openshell.model.MisfitEvent;
import io.openshell.model.settings.Settings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the events of one sandbox name add up to. */
public sealed interface SandboxState extends AggregateState {

    /** The name was never used. */
    record Unused() implements SandboxState {}

    /**
     * The name is free again.
     *
     * @param epoch last one of the sandbox that is gone; the next one under this name starts above it
     */
    record Deleted(String sandboxId, long epoch) implements SandboxState {}

    /**
     * There is such a sandbox.
     *
     * @param attachments the providers of its workspace whose credentials it may use, in the order of attaching
     */
    record Live(
            SandboxRequest request,
            Instant createdAt,
            Placement placement,
            Policies policies,
            Lifecycle lifecycle,
            Optional<Enforcement> enforcement,
            Drafts drafts,
            List<Attachment> attachments,
            Settings settings)
            implements SandboxState {

        /** Keeps a copy. */
        public Live {
            attachments = List.copyOf(attachments);
        }

        /** Names of the attached providers, in the order of attaching. */
        public List<String> providers() {
            return attachments.stream().map(Attachment::provider).toList();
        }

        Live attached(Attachment attachment) {
            if (providers().contains(attachment.provider())) {
                throw new MisfitEvent("ProviderAttached", "a sandbox that has it attached");
            }
            List<Attachment> next = new ArrayList<>(attachments);
            next.add(attachment);
            return new Live(request, createdAt, placement, policies, lifecycle, enforcement, drafts, next, settings);
        }

        Live detached(String provider) {
            List<Attachment> next = new ArrayList<>(attachments);
            if (!next.removeIf(each -> each.provider().equals(provider))) {
                throw new MisfitEvent("ProviderDetached", "a sandbox that does not have it attached");
            }
            return new Live(request, createdAt, placement, policies, lifecycle, enforcement, drafts, next, settings);
        }

        Live with(Lifecycle next) {
            return new Live(request, createdAt, placement, policies, next, enforcement, drafts, attachments, settings);
        }

        Live with(Policies next) {
            return new Live(request, createdAt, placement, next, lifecycle, enforcement, drafts, attachments, settings);
        }

        Live with(Placement next) {
            return new Live(request, createdAt, next, policies, lifecycle, enforcement, drafts, attachments, settings);
        }

        Live with(Enforcement next) {
            return new Live(request, createdAt, placement, policies, lifecycle, Optional.of(next), drafts, attachments, settings);
        }

        Live with(Drafts next) {
            return new Live(request, createdAt, placement, policies, lifecycle, enforcement, next, attachments, settings);
        }

        Live with(Settings next) {
            return new Live(request, createdAt, placement, policies, lifecycle, enforcement, drafts, attachments, next);
        }

        /** Why no command can be run in it now; empty when one can. */
        public Optional<String> notReady() {
            if (phase() != Phase.READY) {
                return Optional.of("sandbox is not ready");
            }
            return lifecycle.paused() ? Optional.of("sandbox is not ready: " + lifecycle.condition().message()) : Optional.empty();
        }

        /** The phase a user sees. */
        public Phase phase() {
            return lifecycle.phase();
        }
    }

    /**
     * Where it runs.
     *
     * @param node empty before the first assignment
     * @param epoch rises with every assignment and start of this name, also across deletion; 0 before the first
     */
    record Placement(String node, long epoch) {
        static final Placement NONE = new Placement("", 0);

        /** The next place, under a later epoch. */
        Placement next(String nextNode, long nextEpoch) {
            if (nextEpoch <= epoch) {
                throw new MisfitEvent("epoch " + nextEpoch, "epoch " + epoch);
            }
            return new Placement(nextNode, nextEpoch);
        }
    }

    /**
     * Where it stands.
     *
     * @param instanceId of the newest main process, empty before the first
     * @param exitCode of that process, once it ended
     */
    record Lifecycle(Phase phase, Condition condition, String instanceId, Optional<Integer> exitCode) {

        /** Whether its processes are there and somebody outside holds them still. */
        public boolean paused() {
            return phase == Phase.READY && !condition.ready();
        }

        Lifecycle to(Phase next, Condition why) {
            return new Lifecycle(next, why, instanceId, exitCode);
        }
    }
}
