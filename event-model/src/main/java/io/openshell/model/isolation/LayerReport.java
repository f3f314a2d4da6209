package io.openshell.model.isolation;

/** What became of one layer: in force, in force with a gap, or not there at all. Immutable. */
public sealed interface LayerReport {
    /** The layer this speaks of. */
    LayerKind kind();

    /** In force; {@code detail} says how it was seen to be. */
    record Enforced(LayerKind kind, String detail) implements LayerReport {}

    /** In force except for {@code missing}. */
    record Weakened(LayerKind kind, String missing) implements LayerReport {}

    /** Not in force; {@code why} also says what would change that. */
    record Absent(LayerKind kind, String why) implements LayerReport {}
}
