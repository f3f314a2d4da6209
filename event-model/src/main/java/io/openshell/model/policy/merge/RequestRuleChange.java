package io.openshell.model.policy.merge;

import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Adds allow and deny rules to the one endpoint that is meant, at the port that is named and at no other. */
final class RequestRuleChange {
    private RequestRuleChange() {}

    private record Place(String key, int index) {}

    static Optional<MergeOutcome.Refused> allow(MergeOperation.AddAllow add, Draft draft) {
        if (add.rules().isEmpty() || !add.rules().stream().allMatch(Destinations::complete)) {
            return Draft.invalid("an allow rule needs what it allows");
        }
        Optional<String> hopeless = Destinations.hopeless(add.host());
        if (hopeless.isPresent()) {
            return Draft.invalid(hopeless.get());
        }
        return change(add.host(), add.port(), draft, endpoint -> allowed(endpoint, add.rules()));
    }

    private static NetworkEndpoint allowed(NetworkEndpoint endpoint, List<AllowRule> rules) {
        List<AllowRule> before = endpoint.access().isEmpty() ? endpoint.rules()
                : EndpointMerge.unique(Presets.rules(endpoint).orElse(List.of()), endpoint.rules());
        return endpoint.toBuilder().access("").rules(EndpointMerge.unique(before, rules)).build();
    }

    static Optional<MergeOutcome.Refused> deny(MergeOperation.AddDeny add, Draft draft) {
        if (add.rules().isEmpty() || add.rules().stream().anyMatch(match -> match.isEmpty())) {
            return Draft.invalid("a deny rule needs what it denies");
        }
        Optional<Place> place = only(add.host(), add.port(), draft);
        if (place.isPresent()) {
            NetworkEndpoint endpoint = at(place.get(), draft);
            if (Presets.takesRequestRules(endpoint) && endpoint.access().isEmpty() && endpoint.rules().isEmpty()) {
                return Draft.conflict(add.host() + ":" + add.port() + " allows no request, so there is nothing to deny");
            }
        }
        return change(add.host(), add.port(), draft, endpoint -> endpoint.toBuilder()
                .denyRules(EndpointMerge.unique(endpoint.denyRules(), add.rules())).build());
    }

    private static Optional<MergeOutcome.Refused> change(
            String host, int port, Draft draft, UnaryOperator<NetworkEndpoint> changed) {
        List<Place> places = places(host, port, draft);
        if (places.isEmpty()) {
            return Draft.notFound("no rule has an endpoint " + host + ":" + port);
        }
        if (places.size() > 1) {
            return Draft.conflict("several endpoints are " + host + ":" + port + " (" + String.join(", ",
                    places.stream().map(Place::key).toList()) + "); which is meant is not clear");
        }
        NetworkEndpoint endpoint = at(places.getFirst(), draft);
        if (!Presets.takesRequestRules(endpoint)) {
            return Draft.conflict(host + ":" + port + " is not inspected as rest or websocket, so it takes no request rules");
        }
        put(places.getFirst(), port, endpoint, changed, draft);
        return Draft.done();
    }

    /** Ports that were not named keep their rules: the endpoint is split when it has others. */
    private static void put(
            Place place, int port, NetworkEndpoint endpoint, UnaryOperator<NetworkEndpoint> changed, Draft draft) {
        NetworkEndpoint next = changed.apply(endpoint);
        if (next.equals(endpoint)) {
            return;
        }
        NetworkRule rule = Objects.requireNonNull(draft.rules().get(place.key()));
        List<NetworkEndpoint> endpoints = new ArrayList<>(rule.endpoints());
        endpoints.set(place.index(), next.toBuilder().ports(List.of(port)).build());
        List<Integer> others = endpoint.ports().stream().filter(other -> other != port).toList();
        if (!others.isEmpty()) {
            endpoints.add(place.index() + 1, endpoint.toBuilder().ports(others).build());
        }
        draft.rules().put(place.key(), new NetworkRule(rule.name(), endpoints, rule.binaries()));
    }

    private static Optional<Place> only(String host, int port, Draft draft) {
        List<Place> places = places(host, port, draft);
        return places.size() == 1 ? Optional.of(places.getFirst()) : Optional.empty();
    }

    private static List<Place> places(String host, int port, Draft draft) {
        List<Place> places = new ArrayList<>();
        for (String key : draft.ownKeys()) {
            List<NetworkEndpoint> endpoints = Objects.requireNonNull(draft.rules().get(key)).endpoints();
            for (int i = 0; i < endpoints.size(); i++) {
                if (endpoints.get(i).host().equalsIgnoreCase(host) && endpoints.get(i).ports().contains(port)) {
                    places.add(new Place(key, i));
                }
            }
        }
        return places;
    }

    private static NetworkEndpoint at(Place place, Draft draft) {
        return Objects.requireNonNull(draft.rules().get(place.key())).endpoints().get(place.index());
    }
}
