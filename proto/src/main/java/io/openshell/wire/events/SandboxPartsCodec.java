package io.openshell.wire.events;

import io.openshell.model.sandbox.Basis;
import io.openshell.model.sandbox.Enforcement;
import io.openshell.model.sandbox.SandboxRequest;
import io.openshell.model.sandbox.SandboxSource;
import io.openshell.model.sandbox.Session;
import io.openshell.model.sandbox.Shares;
import io.openshell.wire.events.v1.LayersEnforced;
import io.openshell.wire.events.v1.OpenSession;
import io.openshell.wire.events.v1.SessionOpened;
import java.util.Locale;

/** Parts that commands and events of a sandbox share, on the wire. */
final class SandboxPartsCodec {

    private SandboxPartsCodec() {}

    static io.openshell.wire.events.v1.SandboxRequest encode(SandboxRequest r) {
        var out = io.openshell.wire.events.v1.SandboxRequest.newBuilder()
                .setSandboxId(r.sandboxId())
                .setName(r.name())
                .setWorkspace(r.workspace())
                .putAllLabels(r.labels())
                .putAllAnnotations(r.annotations())
                .addAllCommand(r.launch().command())
                .setTty(r.launch().tty())
                .putAllEnvironment(r.launch().environment())
                .setLogLevel(r.launch().logLevel())
                .setSource(r.launch().basis().source().text());
        Shares shares = r.launch().basis().shares();
        if (!shares.equals(Shares.USUAL)) {
            out.setShares(io.openshell.wire.events.v1.Shares.newBuilder()
                    .setCpuMillis(shares.cpuMillis())
                    .setMemoryBytes(shares.memoryBytes())
                    .setProcesses(shares.processes())
                    .setDiskBytes(shares.diskBytes()));
        }
        return out.build();
    }

    private static Basis basis(io.openshell.wire.events.v1.SandboxRequest r) {
        var s = r.getShares();
        return new Basis(SandboxSource.of(r.getSource()),
                new Shares(s.getCpuMillis(), s.getMemoryBytes(), s.getProcesses(), s.getDiskBytes()));
    }

    static SandboxRequest decode(io.openshell.wire.events.v1.SandboxRequest r) {
        var launch = new SandboxRequest.Launch(
                r.getCommandList(), r.getTty(), r.getEnvironmentMap(), r.getLogLevel(), basis(r));
        return new SandboxRequest(
                r.getSandboxId(), r.getName(), r.getWorkspace(), r.getLabelsMap(), r.getAnnotationsMap(), launch);
    }

    static LayersEnforced encode(Enforcement e) {
        return LayersEnforced.newBuilder()
                .setEpoch(e.epoch())
                .setInstanceId(e.instanceId())
                .addAllLayers(LayerCodec.encode(e.layers()))
                .putAllEvidence(e.evidence())
                .setGeneration(e.generation())
                .build();
    }

    static Enforcement decode(LayersEnforced e) {
        return new Enforcement(
                e.getEpoch(),
                e.getInstanceId(),
                LayerCodec.decode(e.getLayersList()),
                e.getEvidenceMap(),
                e.getGeneration());
    }

    static OpenSession command(Session s) {
        return OpenSession.newBuilder()
                .setSessionId(s.sessionId())
                .setKind(s.kind().name().toLowerCase(Locale.ROOT))
                .addAllCommand(s.command())
                .setTty(s.tty())
                .setRelayAddress(s.relayAddress())
                .build();
    }

    static Session session(OpenSession s) {
        return new Session(s.getSessionId(), kind(s.getKind()), s.getCommandList(), s.getTty(), s.getRelayAddress());
    }

    static SessionOpened event(Session s) {
        return SessionOpened.newBuilder()
                .setSessionId(s.sessionId())
                .setKind(s.kind().name().toLowerCase(Locale.ROOT))
                .addAllCommand(s.command())
                .setTty(s.tty())
                .setRelayAddress(s.relayAddress())
                .build();
    }

    static Session session(SessionOpened s) {
        return new Session(s.getSessionId(), kind(s.getKind()), s.getCommandList(), s.getTty(), s.getRelayAddress());
    }

    private static Session.Kind kind(String text) {
        return Names.of(Session.Kind.class, text.toUpperCase(Locale.ROOT));
    }
}
