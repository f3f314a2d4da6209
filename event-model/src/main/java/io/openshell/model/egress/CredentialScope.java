package io.openshell.model.egress;

import io.openshell.model.policy.CredentialBinding;
import io.openshell.model.policy.Glob;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.RequestSigning;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What a policy says about credentials in the requests of one connection. The endpoint with the narrowest path decides. Immutable. */
public final class CredentialScope {

    private record Part(Optional<Glob> path, int specificity, NetworkEndpoint endpoint) {
        static Part of(NetworkEndpoint endpoint) {
            String path = endpoint.path();
            boolean everywhere = path.isEmpty() || path.equals("**");
            return new Part(everywhere ? Optional.empty() : Optional.of(Glob.path(path)),
                    (int) path.chars().filter(c -> c != '*').count(), endpoint);
        }

        boolean covers(String requested) {
            return path.isEmpty() || path.get().matches(requested);
        }
    }

    private final List<Part> parts;

    private CredentialScope(List<Part> parts) {
        this.parts = parts;
    }

    /** Of the endpoints that grant a connection; those that only let it pass say nothing about its requests. */
    static CredentialScope of(List<MatchedEndpoint> granting) {
        return new CredentialScope(granting.stream().map(MatchedEndpoint::endpoint)
                .filter(endpoint -> endpoint.extended() || endpoint.flags().allowUninspectedCredentials())
                .map(Part::of)
                .sorted(Comparator.comparingInt(Part::specificity).reversed())
                .toList());
    }

    /** Name of the provider whose credentials the policy binds to the endpoint that a request goes to. */
    public Optional<String> boundProvider(String path) {
        return at(path).flatMap(NetworkEndpoint::credentialBinding).map(CredentialBinding::provider);
    }

    /** Whether some path of the connection is bound to a provider. */
    public boolean bindsAny() {
        return parts.stream().anyMatch(part -> part.endpoint().credentialBinding().isPresent());
    }

    /** Whether placeholders are replaced in the bodies of requests. */
    public boolean rewritesBody(String path) {
        return at(path).map(endpoint -> endpoint.flags().requestBodyCredentialRewrite()).orElse(false);
    }

    /** How requests are signed. */
    public RequestSigning signing(String path) {
        return at(path).map(NetworkEndpoint::signing).orElse(RequestSigning.NONE);
    }

    /** Whether placeholders are replaced in the text messages of a WebSocket opened at a path. */
    public boolean rewritesText(String path) {
        return at(path).map(endpoint -> endpoint.flags().websocketCredentialRewrite()).orElse(false);
    }

    /** Whether the policy accepts that what nobody can read may carry credentials. */
    public boolean allowsUninspected(String path) {
        return at(path).map(endpoint -> endpoint.flags().allowUninspectedCredentials()).orElse(false);
    }

    private Optional<NetworkEndpoint> at(String path) {
        return parts.stream().filter(part -> part.covers(path)).findFirst().map(Part::endpoint);
    }
}
