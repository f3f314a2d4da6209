package io.openshell.cli.command.sandbox;

import io.openshell.cli.client.IsolationRpc;
import io.openshell.cli.client.RpcCode;
import io.openshell.cli.client.RpcException;
import io.openshell.cli.command.Session;
import io.openshell.cli.output.TableView;
import io.openshell.wire.control.v1.AttestedLayer;
import io.openshell.wire.control.v1.Attestation;
import io.openshell.wire.control.v1.GetAttestationRequest;
import io.openshell.wire.v1.Sandbox;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What seals a sandbox, as users see it. */
record Seal(Attestation attestation) {
    private static final String ABSENT_PATHS = "landlock.absent";

    /** The seal of a sandbox's present start. */
    static Seal of(Session session, Sandbox sandbox) {
        return new Seal(session.client().call(IsolationRpc.GET_ATTESTATION, GetAttestationRequest.newBuilder()
                .setWorkspace(sandbox.getMetadata().getWorkspace()).setName(sandbox.getMetadata().getName()).build()));
    }

    /** The same; empty when it was not started, is gone, or the gateway does not know the call. */
    static Optional<Seal> ifAny(Session session, Sandbox sandbox) {
        try {
            return Optional.of(of(session, sandbox));
        } catch (RpcException e) {
            if (e.code() == RpcCode.FAILED_PRECONDITION || e.code() == RpcCode.NOT_FOUND || e.code() == RpcCode.UNIMPLEMENTED) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** One sentence for everything that is less than it could be. */
    List<String> gaps() {
        List<String> gaps = new ArrayList<>();
        for (AttestedLayer layer : attestation.getLayersList()) {
            if (!layer.getState().equals("enforced")) {
                gaps.add(name(layer) + " is " + layer.getState() + ": " + layer.getDetail());
            }
        }
        String paths = attestation.getEvidenceOrDefault(ABSENT_PATHS, "");
        if (!paths.isEmpty()) {
            gaps.add("the policy lists paths that the host does not show: " + paths);
        }
        return gaps;
    }

    /** The line of {@code sandbox get}. */
    String line() {
        long held = attestation.getLayersList().stream().filter(layer -> layer.getState().equals("enforced")).count();
        List<String> gaps = gaps();
        return held + " of " + attestation.getLayersCount() + " layers enforced" + (gaps.isEmpty() ? "" : "; " + String.join("; ", gaps));
    }

    /** Layers, then what was read back. */
    String table() {
        TableView layers = new TableView("LAYER", "STATE", "DETAIL");
        attestation.getLayersList().forEach(layer -> layers.add(name(layer), layer.getState(), layer.getDetail()));
        TableView evidence = new TableView("SEEN", "VALUE");
        evidence.add("node", attestation.getNode());
        evidence.add("main process", attestation.getInstanceId());
        evidence.add("proxy generation", String.valueOf(attestation.getProxyGeneration()));
        new TreeMap<>(attestation.getEvidenceMap()).forEach((name, value) -> evidence.add(name, value.isEmpty() ? "none" : value));
        return layers.text() + "\n" + evidence.text();
    }

    /** The same for programs. */
    Map<String, @Nullable Object> document() {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("sandbox_id", attestation.getSandboxId());
        document.put("node", attestation.getNode());
        document.put("instance_id", attestation.getInstanceId());
        document.put("epoch", attestation.getEpoch());
        document.put("proxy_generation", attestation.getProxyGeneration());
        document.put("layers", attestation.getLayersList().stream().map(Seal::layer).toList());
        document.put("evidence", new TreeMap<>(attestation.getEvidenceMap()));
        return document;
    }

    private static Map<String, @Nullable Object> layer(AttestedLayer layer) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("kind", name(layer));
        document.put("state", layer.getState());
        document.put("detail", layer.getDetail());
        return document;
    }

    private static String name(AttestedLayer layer) {
        return layer.getKind().toLowerCase(Locale.ROOT);
    }
}
