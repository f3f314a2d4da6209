package io.openshell.agent.credential;

import io.openshell.model.provider.Placeholders;
import io.openshell.proxy.credential.CredentialSet;
import io.openshell.proxy.credential.Credentials;
import io.openshell.proxy.inference.InferenceRoute;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Tells which credentials a sandbox may use at this moment: those of the providers attached to it. The secrets stay with its
 * proxy; its programs get placeholders. Asked for every request, so it never blocks. Any thread.
 */
@FunctionalInterface
public interface CredentialSource {

    /** Nothing for any sandbox. */
    CredentialSource NONE = sandboxId -> CredentialSet.NONE;

    /** What the sandbox with this id may use now. */
    CredentialSet of(String sandboxId);

    /** Where its requests for models go now. */
    default Optional<InferenceRoute> inference(String sandboxId) {
        return Optional.empty();
    }

    /** The same for one sandbox. */
    default Credentials forSandbox(String sandboxId) {
        return new Credentials() {
            @Override
            public CredentialSet now() {
                return of(sandboxId);
            }

            @Override
            public Optional<InferenceRoute> inference() {
                return CredentialSource.this.inference(sandboxId);
            }
        };
    }

    /** What a new program in the sandbox finds in its environment in place of credentials. */
    default Map<String, String> environment(String sandboxId) {
        return of(sandboxId).keys().stream().collect(Collectors.toMap(key -> key, Placeholders::of));
    }
}
