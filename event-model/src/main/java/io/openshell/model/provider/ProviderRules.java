package io.openshell.model.provider;

import io.openshell.model.AggregateState;
import io.openshell.model.Command;
import io.openshell.model.Rejection;
import io.openshell.model.RejectionCode;
import io.openshell.model.inference.InferenceCommand;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.TlsMode;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.sandbox.SandboxState.Live;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What providers and sandboxes ask of each other, which no single stream can tell. Pure. */
public final class ProviderRules {

    /** Providers attached to one sandbox, at the most. */
    public static final int MOST_ATTACHED = 32;

    /** What a request can be signed with. */
    private static final List<String> SIGNING_KEYS = List.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");

    private ProviderRules() {}

    /** The other streams as far as they are known where a command is decided. */
    public interface Surroundings {
        /** The provider of this name. */
        Optional<ProviderState.Present> provider(String workspace, String name);

        /** Every sandbox there is. */
        Stream<Live> sandboxes();
    }

    /** Why the content makes no sense for a provider of this type; empty when it does. */
    static Optional<Rejection> unfit(String type, ProviderContent content) {
        if (content.credentials().isEmpty() != content.bundle().isEmpty()) {
            return Optional.of(new Rejection(RejectionCode.PROVIDER_INVALID, "credentials and their bundle go together"));
        }
        return ProviderProfiles.of(type).stream().flatMap(profile -> profile.credentials().stream())
                .filter(each -> each.required() && each.variables().stream().noneMatch(content.credentials()::containsKey))
                .findFirst()
                .map(each -> new Rejection(RejectionCode.PROVIDER_INVALID,
                        "a provider of type " + type + " needs the credential " + String.join(" or ", each.variables())));
    }

    /** Why a command is refused because of what stands in other streams; empty when nothing there speaks against it. */
    public static Optional<Rejection> refusal(
            String workspace, Command command, AggregateState state, Surroundings around) {
        return switch (command) {
            case SandboxCommand.Create c when !(state instanceof Live) ->
                attached(workspace, c.providers(), around).or(() -> policy(workspace, c.policy(), c.providers(), around));
            case SandboxCommand.AttachProvider c when state instanceof Live live && !live.providers().contains(c.provider()) ->
                attached(workspace, plus(live.providers(), c.provider()), around);
            case SandboxCommand.SetPolicy c when state instanceof Live live ->
                policy(workspace, c.policy(), live.providers(), around);
            case SandboxCommand.DecideDraft c when state instanceof Live live ->
                c.change().flatMap(change -> policy(workspace, change.policy(), live.providers(), around));
            case ProviderCommand.UpdateProvider c when state instanceof ProviderState.Present present ->
                update(workspace, present, c.content(), around);
            case ProviderCommand.DeleteProvider c when state instanceof ProviderState.Present present ->
                inUse(workspace, present, around);
            case InferenceCommand.SetRoute c -> route(workspace, c, around);
            case Command other -> Optional.empty();
        };
    }

    private static Optional<Rejection> route(String workspace, InferenceCommand.SetRoute c, Surroundings around) {
        String name = c.target().provider();
        Optional<ProviderState.Present> provider = around.provider(workspace, name);
        if (provider.isEmpty()) {
            return Optional.of(new Rejection(RejectionCode.PROVIDER_NOT_AVAILABLE, "unknown provider '" + name + "'"));
        }
        String type = provider.get().provider().type();
        return ProviderProfiles.of(type).flatMap(ProviderProfile::inference).isPresent() ? Optional.empty()
                : Optional.of(new Rejection(RejectionCode.PROVIDER_INVALID,
                        "provider '" + name + "' of type " + type + " answers no requests for models"));
    }

    private static Optional<Rejection> attached(String workspace, List<String> names, Surroundings around) {
        if (names.size() > MOST_ATTACHED) {
            return Optional.of(new Rejection(RejectionCode.PROVIDER_INVALID,
                    "at most " + MOST_ATTACHED + " providers can be attached to a sandbox"));
        }
        for (String name : names) {
            if (around.provider(workspace, name).isEmpty()) {
                return Optional.of(new Rejection(RejectionCode.PROVIDER_NOT_AVAILABLE, "unknown provider '" + name + "'"));
            }
        }
        return clash(found(workspace, names, around));
    }

    private static Optional<Rejection> clash(Collection<ProviderState.Present> attached) {
        Map<String, String> owners = new HashMap<>();
        for (ProviderState.Present each : attached) {
            for (String key : each.content().credentials().keySet()) {
                String other = owners.putIfAbsent(key, each.provider().name());
                if (other != null && !other.equals(each.provider().name())) {
                    return Optional.of(new Rejection(RejectionCode.PROVIDER_NOT_AVAILABLE, "providers '" + other + "' and '"
                            + each.provider().name() + "' both offer " + key + "; attach only one of them"));
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Rejection> update(
            String workspace, ProviderState.Present present, ProviderContent next, Surroundings around) {
        ProviderState.Present changed = new ProviderState.Present(
                present.provider(), next, present.revision(), present.createdAt(), present.updatedAt());
        return users(workspace, present, around)
                .flatMap(live -> clash(found(workspace, live.providers(), around).stream()
                        .map(each -> each.provider().id().equals(present.provider().id()) ? changed : each)
                        .toList()).stream())
                .findFirst();
    }

    private static Optional<Rejection> inUse(String workspace, ProviderState.Present present, Surroundings around) {
        List<String> users = users(workspace, present, around).map(live -> live.request().name()).sorted().toList();
        return users.isEmpty() ? Optional.empty() : Optional.of(new Rejection(RejectionCode.PROVIDER_IN_USE,
                "provider '" + present.provider().name() + "' is attached to " + String.join(", ", users) + "; detach it first"));
    }

    private static Stream<Live> users(String workspace, ProviderState.Present present, Surroundings around) {
        return around.sandboxes().filter(live -> live.request().workspace().equals(workspace)
                && live.providers().contains(present.provider().name()));
    }

    private static Optional<Rejection> policy(
            String workspace, PolicyDocument policy, List<String> names, Surroundings around) {
        List<ProviderState.Present> attached = found(workspace, names, around);
        for (var rule : policy.networkPolicies().entrySet()) {
            for (NetworkEndpoint endpoint : rule.getValue().endpoints()) {
                Optional<Rejection> bad = binding(endpoint, attached).or(() -> unseen(endpoint, attached))
                        .map(why -> new Rejection(why.code(), "network_policies." + rule.getKey() + ": endpoint "
                                + endpoint.host() + " " + why.reason()));
                if (bad.isPresent()) {
                    return bad;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Rejection> binding(NetworkEndpoint endpoint, List<ProviderState.Present> attached) {
        if (endpoint.credentialBinding().isEmpty()) {
            return Optional.empty();
        }
        String name = endpoint.credentialBinding().get().provider();
        Optional<ProviderState.Present> bound =
                attached.stream().filter(each -> each.provider().name().equals(name)).findFirst();
        if (bound.isEmpty()) {
            return refused("binds provider '" + name + "', which is not attached to the sandbox");
        }
        Optional<ProviderProfile> profile = ProviderProfiles.of(bound.get().provider().type());
        if (profile.isEmpty()) {
            return refused("binds provider '" + name + "', and nothing is known about its type "
                    + bound.get().provider().type() + "; use type " + ProviderProfiles.GENERIC);
        }
        return profile.get().endpoints().isEmpty() ? Optional.empty()
                : refused("binds provider '" + name + "', whose type " + profile.get().id() + " has endpoints of its own");
    }

    private static Optional<Rejection> refused(String reason) {
        return Optional.of(new Rejection(RejectionCode.CREDENTIAL_BINDING, reason));
    }

    /** Where nobody looks at requests, nobody can see a credential leave for elsewhere either. */
    private static Optional<Rejection> unseen(NetworkEndpoint endpoint, List<ProviderState.Present> attached) {
        if (!endpoint.signing().kind().isEmpty() && !signable(endpoint, attached)) {
            return Optional.of(new Rejection(RejectionCode.CREDENTIAL_BINDING,
                    "asks for credential_signing, and binds no attached provider with " + String.join(" and ", SIGNING_KEYS)));
        }
        boolean skips = endpoint.tlsMode().equals(Optional.of(TlsMode.SKIP));
        boolean unread = skips || !endpoint.inspected();
        return unread && !endpoint.flags().allowUninspectedCredentials() && CredentialReach.reaches(endpoint, attached)
                ? Optional.of(new Rejection(RejectionCode.CREDENTIALS_UNINSPECTED, "would carry an attached provider's credentials"
                        + " uninspected; " + (skips ? "leave tls: skip out" : "give it a protocol such as rest")
                        + ", or set allow_uninspected_credentials"))
                : Optional.empty();
    }

    private static boolean signable(NetworkEndpoint endpoint, List<ProviderState.Present> attached) {
        return endpoint.credentialBinding().stream().anyMatch(binding -> attached.stream().anyMatch(
                each -> each.provider().name().equals(binding.provider())
                        && each.content().credentials().keySet().containsAll(SIGNING_KEYS)));
    }

    private static List<ProviderState.Present> found(String workspace, List<String> names, Surroundings around) {
        return names.stream().flatMap(name -> around.provider(workspace, name).stream()).toList();
    }

    private static List<String> plus(List<String> names, String name) {
        List<String> all = new ArrayList<>(names);
        all.add(name);
        return all;
    }
}
