package io.openshell.agent.doctor;

/**
 * What was found about one layer.
 *
 * @param layer short name
 * @param seen what is there
 * @param cost what one has to do without; empty when nothing
 * @param remedy what to do about it; empty when nothing
 */
public record Finding(String layer, State state, String seen, String cost, String remedy) {
    /** How well a layer does. */
    public enum State {
        /** As it should be. */
        OK,
        /** Sandboxes run, with something missing. */
        WEAK,
        /** No sandbox runs. */
        MISSING
    }

    static Finding ok(String layer, String seen) {
        return new Finding(layer, State.OK, seen, "", "");
    }

    static Finding weak(String layer, String seen, String cost, String remedy) {
        return new Finding(layer, State.WEAK, seen, cost, remedy);
    }

    static Finding missing(String layer, String seen, String cost, String remedy) {
        return new Finding(layer, State.MISSING, seen, cost, remedy);
    }
}
