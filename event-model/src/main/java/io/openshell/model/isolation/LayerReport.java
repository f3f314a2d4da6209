package io.openshell.model.isolation;

/** What became of one layer: never a warning in a log, always a value. */
public sealed interface LayerReport {

    /** Which layer. */
    LayerKind kind();

    /** It holds in full; {@code detail} says how, for example the Landlock ABI. */
    record Enforced(LayerKind kind, String detail) implements LayerReport {}

    /** It holds in part. */
    record Weakened(LayerKind kind, String missing) implements LayerReport {}

    /** It does not hold. */
    record Absent(LayerKind kind, String why) implements LayerReport {}
}
