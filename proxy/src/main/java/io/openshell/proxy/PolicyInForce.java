package io.openshell.proxy;

import io.openshell.model.egress.CompiledPolicy;

/** A compiled policy together with the generation it was installed as; the two are always read as one. */
record PolicyInForce(CompiledPolicy policy, long generation) {}
