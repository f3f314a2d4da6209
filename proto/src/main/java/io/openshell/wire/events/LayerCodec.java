package io.openshell.wire.events;

import io.openshell.model.isolation.LayerKind;
import io.openshell.model.isolation.LayerReport;
import io.openshell.wire.events.v1.Layer;
import java.util.List;

/** Layer reports on the wire. */
final class LayerCodec {

    private LayerCodec() {}

    static List<Layer> encode(List<LayerReport> reports) {
        return reports.stream().map(LayerCodec::encode).toList();
    }

    private static Layer encode(LayerReport report) {
        Layer.Builder layer = Layer.newBuilder().setKind(report.kind().name());
        return switch (report) {
            case LayerReport.Enforced e -> layer.setState("enforced").setDetail(e.detail()).build();
            case LayerReport.Weakened w -> layer.setState("weakened").setDetail(w.missing()).build();
            case LayerReport.Absent a -> layer.setState("absent").setDetail(a.why()).build();
        };
    }

    static List<LayerReport> decode(List<Layer> layers) {
        return layers.stream().map(LayerCodec::decode).toList();
    }

    private static LayerReport decode(Layer layer) {
        LayerKind kind = Names.of(LayerKind.class, layer.getKind());
        return switch (layer.getState()) {
            case "enforced" -> new LayerReport.Enforced(kind, layer.getDetail());
            case "weakened" -> new LayerReport.Weakened(kind, layer.getDetail());
            case "absent" -> new LayerReport.Absent(kind, layer.getDetail());
            default -> throw UndecodableRecord.ofNewerRelease("a layer's state");
        };
    }
}
