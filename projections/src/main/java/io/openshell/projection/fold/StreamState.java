package io.openshell.projection.fold;

import io.openshell.model.AggregateState;
import io.openshell.model.Aggregates;
import io.openshell.model.CommandRejected;
import io.openshell.model.CommandUnchanged;
import io.openshell.model.Event;
import io.openshell.model.EventEnvelope;
import io.openshell.model.EventSkipped;
import io.openshell.model.MisfitEvent;
import io.openshell.model.Outcome;
import io.openshell.model.StreamId;
import io.openshell.model.global.GlobalEvent;
import io.openshell.model.node.NodeEvent;
import io.openshell.model.provider.ProviderEvent;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.model.settings.SettingsEvent;

/**
 * Where one stream stands.
 *
 * @param version of its last event, 0 when it holds none
 * @param lastHash of its last encoded event
 */
record StreamState(StreamId stream, AggregateState state, long version, String lastHash, RecentCommands recent) {

    static StreamState empty(StreamId stream) {
        return new StreamState(stream, Aggregates.initial(stream.kind()), 0, "", RecentCommands.NONE);
    }

    /**
     * The state after one more event.
     *
     * @param hash of the event's own encoding
     * @throws MisfitEvent when version, hash chain or rules do not fit
     */
    StreamState after(EventEnvelope envelope, String hash) {
        if (envelope.version() != version + 1) {
            throw new MisfitEvent("version " + envelope.version(), "version " + version);
        }
        if (!envelope.previousHash().equals(lastHash)) {
            throw new MisfitEvent("the hash chain at version " + envelope.version(), "version " + version);
        }
        return new StreamState(
                stream,
                Aggregates.evolve(state, envelope.event(), envelope.context()),
                envelope.version(),
                hash,
                recent.with(envelope.context().commandId(), envelope.context().requestDigest(), outcome(envelope)));
    }

    private Outcome outcome(EventEnvelope envelope) {
        return switch ((Event) envelope.event()) {
            // Many at once were counted, which is what was asked for.
            case CommandRejected e -> e.count() > 1 ? applied(envelope) : new Outcome.Refused(e.rejection());
            case CommandUnchanged e -> applied(envelope);
            case EventSkipped e -> applied(envelope);
            case SandboxEvent e -> applied(envelope);
            case NodeEvent e -> applied(envelope);
            case GlobalEvent e -> applied(envelope);
            case SettingsEvent e -> applied(envelope);
            case ProviderEvent e -> applied(envelope);
        };
    }

    // Names the stream by this object, not by the one decoded with each event: they stay in memory.
    private Outcome applied(EventEnvelope envelope) {
        return new Outcome.Applied(stream, envelope.version());
    }
}
