package io.openshell.proxy;

import io.openshell.model.egress.CompiledPolicy;
import io.openshell.proxy.credential.CredentialSet;
import io.openshell.proxy.inference.InferenceRoute;
import java.util.Optional;

/**
 * A compiled policy together with the generation it was installed as; always read as one.
 *
 * @param policy the policy
 * @param generation its generation
 * @param terminates whether TLS can be terminated, without which only endpoints that do without can be reached by tunnels
 * @param credentials what the sandbox may use at this moment
 * @param route where requests for models go at this moment
 */
record PolicyInForce(CompiledPolicy policy, long generation, boolean terminates, CredentialSet credentials,
        Optional<InferenceRoute> route) {
    /** Of a sandbox without credentials. */
    PolicyInForce(CompiledPolicy policy, long generation, boolean terminates) {
        this(policy, generation, terminates, CredentialSet.NONE, Optional.empty());
    }
}
