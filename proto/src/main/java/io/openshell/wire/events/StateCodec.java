package io.openshell.wire.events;

import io.openshell.model.AggregateState;
import io.openshell.model.StreamId;
import io.openshell.model.global.GlobalPolicy;
import io.openshell.model.inference.InferenceRoutes;
import io.openshell.model.node.NodeState;
import io.openshell.model.provider.ProviderState;
import io.openshell.model.sandbox.Attachment;
import io.openshell.model.sandbox.Condition;
import io.openshell.model.sandbox.Phase;
import io.openshell.model.sandbox.Policies;
import io.openshell.model.sandbox.PolicyRevision;
import io.openshell.model.sandbox.ProvidedInForce;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.model.sandbox.SandboxState;
import io.openshell.model.settings.Settings;
import io.openshell.wire.events.v1.NodeAway;
import io.openshell.wire.events.v1.NodeGone;
import io.openshell.wire.events.v1.NodePresent;
import io.openshell.wire.events.v1.PolicyRevisionStored;
import io.openshell.wire.events.v1.ProviderRulesLoaded;
import io.openshell.wire.events.v1.SandboxGone;
import io.openshell.wire.events.v1.SandboxLive;
import io.openshell.wire.events.v1.SnapshotStream;
import io.openshell.wire.events.v1.StoredRevision;
import io.openshell.wire.policy.PolicyCodec;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The state of one stream in a snapshot. A state that no event has touched is left out. */
public final class StateCodec {

    private StateCodec() {}

    /** Puts the state into the message, its policies into the snapshot's table. */
    public static void encode(AggregateState state, PolicyTable policies, SnapshotStream.Builder out) {
        switch (state) {
            case SandboxState.Live live -> out.setLive(live(live, policies));
            case SandboxState.Deleted gone ->
                out.setGone(SandboxGone.newBuilder().setSandboxId(gone.sandboxId()).setEpoch(gone.epoch()));
            case SandboxState.Unused unused -> {}
            case NodeState.Registered node -> out.setNode(present(node));
            case NodeState.Lost lost -> out.setNodeAway(NodeAway.newBuilder()
                    .setLast(present(lost.last())).setReason(lost.reason()).setSince(Times.encode(lost.since())));
            case NodeState.Retired node -> out.setNodeGone(NodeGone.newBuilder()
                    .setDescription(NodeCodec.encode(node.description())).setReason(node.reason()));
            case NodeState.Unknown unknown -> {}
            case GlobalPolicy global -> out.setGlobal(GlobalCodec.state(global));
            case InferenceRoutes routes -> out.setRoutes(InferenceCodec.state(routes));
            case Settings settings -> out.setSettings(SettingsCodec.state(settings));
            case ProviderState.Present provider -> out.setProvider(ProviderCodec.state(provider));
            case ProviderState.Absent none -> {}
        }
    }

    /** Reads it back, in the order in which all were written. */
    public static AggregateState decode(StreamId stream, SnapshotStream in, PolicyTable policies) {
        return switch (in.getStateCase()) {
            case LIVE -> live(in.getLive(), policies);
            case GONE -> new SandboxState.Deleted(in.getGone().getSandboxId(), in.getGone().getEpoch());
            case NODE -> present(in.getNode());
            case NODE_AWAY -> new NodeState.Lost(present(in.getNodeAway().getLast()),
                    in.getNodeAway().getReason(), Times.decode(in.getNodeAway().getSince()));
            case NODE_GONE -> new NodeState.Retired(
                    NodeCodec.decode(in.getNodeGone().getDescription()), in.getNodeGone().getReason());
            case GLOBAL -> GlobalCodec.state(in.getGlobal());
            case ROUTES -> InferenceCodec.state(in.getRoutes());
            case SETTINGS -> SettingsCodec.state(in.getSettings());
            case PROVIDER -> ProviderCodec.state(in.getProvider());
            case STATE_NOT_SET -> switch (stream.kind()) {
                case SANDBOX -> new SandboxState.Unused();
                case NODE -> new NodeState.Unknown();
                case POLICY -> GlobalPolicy.NONE;
                case SETTINGS -> Settings.NONE;
                case PROVIDER -> new ProviderState.Absent();
                case INFERENCE -> InferenceRoutes.NONE;
            };
        };
    }

    private static NodePresent present(NodeState.Registered node) {
        return NodePresent.newBuilder()
                .setDescription(NodeCodec.encode(node.description()))
                .setIncarnation(node.incarnation())
                .setSince(Times.encode(node.since()))
                .setLeaseMs(node.lease().toMillis())
                .build();
    }

    private static NodeState.Registered present(NodePresent in) {
        return new NodeState.Registered(NodeCodec.decode(in.getDescription()), in.getIncarnation(),
                Times.decode(in.getSince()), NodeCodec.lease(in.getLeaseMs()));
    }

    private static SandboxLive live(SandboxState.Live live, PolicyTable policies) {
        SandboxState.Lifecycle lifecycle = live.lifecycle();
        SandboxLive.Builder out = SandboxLive.newBuilder()
                .setRequest(SandboxPartsCodec.encode(live.request()))
                .setCreatedAt(Times.encode(live.createdAt()))
                .setNode(live.placement().node())
                .setEpoch(live.placement().epoch())
                .setActiveVersion(live.policies().activeVersion())
                .setGlobalVersion(live.policies().globalVersion())
                .setPhase(lifecycle.phase().name())
                .setReady(lifecycle.condition().ready())
                .setReason(lifecycle.condition().reason())
                .setMessage(lifecycle.condition().message())
                .setSince(Times.encode(lifecycle.condition().since()))
                .setInstanceId(lifecycle.instanceId())
                .addAllProviders(live.providers());
        live.attachments().forEach(each -> each.rule().ifPresent(
                rule -> out.putProviderRules(each.provider(), PolicyCodec.rule(rule))));
        if (!live.policies().provided().equals(ProvidedInForce.NONE)) {
            out.setProvided(ProviderRulesLoaded.newBuilder().setMark(live.policies().provided().mark()))
                    .setProvidedSerial(live.policies().provided().serial());
        }
        lifecycle.exitCode().ifPresent(out::setExitCode);
        live.enforcement().ifPresent(e -> out.setEnforcement(SandboxPartsCodec.encode(e)));
        live.policies().revisions().forEach(each -> out.addRevisions(revision(each, policies)));
        new TreeMap<>(live.drafts().decided()).forEach((id, decided) -> out.addDrafts(DraftCodec.stored(id, decided)));
        live.drafts().proposed().forEach(each -> out.addProposed(DraftCodec.stored(each)));
        new TreeMap<>(live.drafts().edits()).forEach((id, rule) ->
                out.addEdits(DraftCodec.encode(new SandboxEvent.DraftEdited(id, rule))));
        if (!live.settings().equals(Settings.NONE)) {
            out.setSettings(SettingsCodec.state(live.settings()));
        }
        return out.build();
    }

    private static StoredRevision revision(PolicyRevision revision, PolicyTable policies) {
        PolicyRevisionStored.Builder stored = PolicyRevisionStored.newBuilder()
                .setVersion(revision.version())
                .putAllProvenance(revision.provenance());
        policies.encode(revision.hash(), revision.policy(), stored);
        StoredRevision.Builder out = StoredRevision.newBuilder()
                .setStored(stored)
                .setStoredAt(Times.encode(revision.storedAt()))
                .setStatus(revision.status().kind().name())
                .setError(revision.status().error());
        revision.status().loadedAt().ifPresent(at -> out.setLoadedAt(Times.encode(at)));
        return out.build();
    }

    private static SandboxState live(SandboxLive in, PolicyTable table) {
        List<PolicyRevision> revisions = in.getRevisionsList().stream().map(each -> revision(each, table)).toList();
        Condition condition = new Condition(in.getReady(), in.getReason(), in.getMessage(), Times.decode(in.getSince()));
        return new SandboxState.Live(
                SandboxPartsCodec.decode(in.getRequest()),
                Times.decode(in.getCreatedAt()),
                new SandboxState.Placement(in.getNode(), in.getEpoch()),
                new Policies(revisions, in.getActiveVersion(), in.getGlobalVersion(),
                        new ProvidedInForce(in.getProvided().getMark(), in.getProvidedSerial())),
                new SandboxState.Lifecycle(Phase.valueOf(in.getPhase()), condition, in.getInstanceId(),
                        in.hasExitCode() ? Optional.of(in.getExitCode()) : Optional.empty()),
                in.hasEnforcement() ? Optional.of(SandboxPartsCodec.decode(in.getEnforcement())) : Optional.empty(),
                DraftCodec.drafts(in),
                in.getProvidersList().stream().map(name -> new Attachment(name,
                        Optional.ofNullable(in.getProviderRulesMap().get(name)).map(PolicyCodec::rule))).toList(),
                SettingsCodec.state(in.getSettings()));
    }

    private static PolicyRevision revision(StoredRevision in, PolicyTable policies) {
        PolicyRevisionStored stored = in.getStored();
        return new PolicyRevision(
                stored.getVersion(), stored.getHash(), policies.decode(stored), stored.getProvenanceMap(),
                new PolicyRevision.Status(PolicyRevision.Status.Kind.valueOf(in.getStatus()), in.getError(),
                        in.hasLoadedAt() ? Optional.of(Times.decode(in.getLoadedAt())) : Optional.empty()),
                Times.decode(in.getStoredAt()));
    }
}
