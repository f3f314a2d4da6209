package io.openshell.agent.credential;

import io.openshell.agent.desired.DesiredSandbox;
import io.openshell.model.sandbox.SandboxState;
import io.openshell.proxy.credential.CredentialSet;
import io.openshell.proxy.inference.InferenceRoute;
import java.util.Optional;
import java.util.function.Function;

/**
 * By what is wanted of a sandbox, so that a provider counts from the moment the node hears of it.
 *
 * @param wanted the sandbox by id, as the node's feed has it
 */
public record AttachedCredentials(Function<String, Optional<DesiredSandbox>> wanted, ProviderCredentials providers)
        implements CredentialSource {

    @Override
    public CredentialSet of(String sandboxId) {
        return live(sandboxId)
                .map(live -> providers.of(live.request().workspace(), live.providers()))
                .orElse(CredentialSet.NONE);
    }

    @Override
    public Optional<InferenceRoute> inference(String sandboxId) {
        return live(sandboxId).flatMap(live -> providers.inference(live.request().workspace()));
    }

    private Optional<SandboxState.Live> live(String sandboxId) {
        return wanted.apply(sandboxId).map(DesiredSandbox::state)
                .filter(SandboxState.Live.class::isInstance).map(SandboxState.Live.class::cast);
    }
}
