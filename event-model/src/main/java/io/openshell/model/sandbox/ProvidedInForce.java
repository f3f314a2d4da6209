package io.openshell.model.sandbox;

/**
 * What a sandbox's node last told of the rules that attached providers contribute.
 *
 * @param mark identity of their content, see {@link ProvidedRules#mark}; empty while there are none
 * @param serial how often it changed
 */
public record ProvidedInForce(String mark, long serial) {

    /** Nothing was ever told. */
    public static final ProvidedInForce NONE = new ProvidedInForce("", 0);

    ProvidedInForce next(String other) {
        return new ProvidedInForce(other, serial + 1);
    }
}
