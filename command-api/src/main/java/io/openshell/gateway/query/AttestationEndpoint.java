package io.openshell.gateway.query;

import io.openshell.gateway.grpc.Refusal;
import io.openshell.gateway.grpc.RequestRules;
import io.openshell.gateway.grpc.RpcGroup;
import io.openshell.gateway.grpc.RpcTable;
import io.openshell.gateway.grpc.ViewSource;
import io.openshell.model.StreamId;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.sandbox.Enforcement;
import io.openshell.projection.past.Views;
import io.openshell.projection.sandboxes.SandboxView;
import io.openshell.wire.control.v1.AttestedLayer;
import io.openshell.wire.control.v1.Attestation;
import io.openshell.wire.control.v1.GetAttestationRequest;
import io.openshell.wire.control.v1.IsolationGrpcService;

/** What seals a sandbox, as its node saw it. */
public final class AttestationEndpoint implements RpcGroup {
    private final ViewSource views;

    /** Reads from these views. */
    public AttestationEndpoint(ViewSource views) {
        this.views = views;
    }

    @Override
    public void addTo(RpcTable table) {
        table.read(IsolationGrpcService.GetAttestation, views, AttestationEndpoint::get);
    }

    private static Attestation get(GetAttestationRequest request, Views views) {
        String workspace = RequestRules.workspace(request.getWorkspace());
        String name = RequestRules.name("sandbox", request.getName());
        SandboxView view = views.sandboxes().find(workspace, name)
                .orElseThrow(() -> Refusal.unknown(StreamId.sandbox(workspace, name)));
        Enforcement seal = view.state().enforcement().orElseThrow(
                () -> Refusal.precondition("sandbox '" + name + "' has no attestation: its node has not started it"));
        Attestation.Builder attestation = Attestation.newBuilder().setSandboxId(view.id())
                .setNode(view.state().placement().node()).setInstanceId(seal.instanceId()).setEpoch(seal.epoch())
                .setProxyGeneration(seal.generation()).putAllEvidence(seal.evidence());
        seal.layers().forEach(layer -> attestation.addLayers(layer(layer)));
        return attestation.build();
    }

    private static AttestedLayer layer(LayerReport report) {
        AttestedLayer.Builder layer = AttestedLayer.newBuilder().setKind(report.kind().name());
        return switch (report) {
            case LayerReport.Enforced e -> layer.setState("enforced").setDetail(e.detail()).build();
            case LayerReport.Weakened w -> layer.setState("weakened").setDetail(w.missing()).build();
            case LayerReport.Absent a -> layer.setState("absent").setDetail(a.why()).build();
        };
    }
}
