/**
 * The domain: commands, events, states, rules and policy evaluation. Needs the JDK and nullness annotations only. A
 * module because closed type families span its packages.
 */
module io.openshell.model {
    requires static transitive org.jspecify;

    exports io.openshell.model;
    exports io.openshell.model.egress;
    exports io.openshell.model.global;
    exports io.openshell.model.history;
    exports io.openshell.model.http;
    exports io.openshell.model.isolation;
    exports io.openshell.model.learn;
    exports io.openshell.model.node;
    exports io.openshell.model.policy;
    exports io.openshell.model.policy.merge;
    exports io.openshell.model.provider;
    exports io.openshell.model.prover;
    exports io.openshell.model.review;
    exports io.openshell.model.sandbox;
    exports io.openshell.model.settings;
}
