package io.openshell.model.egress;

import io.openshell.model.middleware.BodyFilter;
import io.openshell.model.middleware.Redactor;
import io.openshell.model.policy.Glob;
import io.openshell.model.policy.Inspection;
import io.openshell.model.policy.Learning;
import io.openshell.model.policy.MiddlewareConfig;
import io.openshell.model.policy.MiddlewareSelector;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.RedactorConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The network part of a policy with all patterns compiled. Immutable; one instance serves all connections of a sandbox. */
public final class CompiledPolicy {
    private final List<Rule> rules;
    private final List<Guard> guards;
    private final List<Filter> filters;
    private final boolean learning;

    private CompiledPolicy(List<Rule> rules, List<Guard> guards, List<Filter> filters, boolean learning) {
        this.learning = learning;
        this.rules = List.copyOf(rules);
        this.guards = List.copyOf(guards);
        this.filters = List.copyOf(filters);
    }

    /** Compiles a document. An unusable pattern compiles to one that grants nothing. */
    public static CompiledPolicy compile(PolicyDocument document) {
        List<Rule> rules = new ArrayList<>();
        document.networkPolicies().forEach((key, rule) -> rules.add(Rule.compile(key, rule)));
        List<Guard> guards = new ArrayList<>();
        List<Filter> filters = new ArrayList<>();
        for (Map.Entry<String, MiddlewareConfig> entry : document.middlewares().entrySet()) {
            MiddlewareConfig config = entry.getValue();
            Guard hosts = Guard.compile(entry.getKey(), config.endpoints());
            if (config.middleware().equals(Redactor.NAME) && RedactorConfig.problems(config.config()).isEmpty()) {
                filters.add(new Filter(hosts, config.order(),
                        new BodyFilter(entry.getKey(), RedactorConfig.redactor(config.config()), config.failsClosed())));
            } else if (config.failsClosed()) {
                guards.add(hosts);
            }
        }
        filters.sort(Comparator.comparingInt(Filter::order));
        return new CompiledPolicy(rules, guards, filters, Learning.isOn(document));
    }

    /** Whether what no rule allows is let through and recorded, see {@link Learning}. */
    boolean learns() {
        return learning;
    }

    /** Whether there is no rule at all. */
    public boolean isEmpty() {
        return rules.isEmpty();
    }

    /** Every endpoint that matches a request in a rule that also matches its caller, in rule and list order. */
    List<MatchedEndpoint> granting(EgressRequest request) {
        String host = request.host().toLowerCase(Locale.ROOT);
        List<MatchedEndpoint> granting = new ArrayList<>();
        for (Rule rule : rules) {
            // Most rules are about other hosts, which is cheaper to see than whom they are for.
            List<MatchedEndpoint> matching = rule.matching(host, request.port());
            if (!matching.isEmpty() && rule.matchesCaller(request.caller())) {
                granting.addAll(matching);
            }
        }
        return List.copyOf(granting);
    }

    /** The endpoints among {@link #granting} whose requests are judged, in the same order. */
    List<InspectedEndpoint> inspecting(EgressRequest request) {
        String host = request.host().toLowerCase(Locale.ROOT);
        List<InspectedEndpoint> inspecting = new ArrayList<>();
        for (Rule rule : rules) {
            List<InspectedEndpoint> found = rule.inspecting(host, request.port());
            if (!found.isEmpty() && rule.matchesCaller(request.caller())) {
                inspecting.addAll(found);
            }
        }
        return List.copyOf(inspecting);
    }

    /** Keys of the rules that name a host and port, for whatever caller. */
    List<String> naming(EgressRequest request) {
        String host = request.host().toLowerCase(Locale.ROOT);
        return rules.stream().filter(rule -> !rule.matching(host, request.port()).isEmpty()).map(Rule::key).toList();
    }

    /** The endpoints that are reached without the explicit proxy and cover this name, whoever asks, in rule and list order. */
    public List<NetworkEndpoint> captured(String host) {
        String wanted = host.toLowerCase(Locale.ROOT);
        return rules.stream().flatMap(rule -> rule.targets().stream()).filter(target -> target.captures(wanted))
                .map(target -> target.match().endpoint()).toList();
    }

    /** The key of a middleware that must see every request to a host and cannot, if there is one. */
    Optional<String> mandatoryMiddleware(String host) {
        String wanted = host.toLowerCase(Locale.ROOT);
        return guards.stream().filter(guard -> guard.covers(wanted)).map(Guard::key).findFirst();
    }

    /** What has to be done to the requests to a host, in order. */
    List<BodyFilter> filters(String host) {
        if (filters.isEmpty()) {
            return List.of();
        }
        String wanted = host.toLowerCase(Locale.ROOT);
        return filters.stream().filter(filter -> filter.hosts().covers(wanted)).map(Filter::filter).toList();
    }

    private record Filter(Guard hosts, int order, BodyFilter filter) {}

    private record Rule(String key, List<Target> targets, Set<String> paths, List<Glob> pathGlobs) {
        static Rule compile(String key, NetworkRule rule) {
            List<Target> targets = rule.endpoints().stream().map(endpoint -> Target.compile(key, endpoint)).toList();
            List<String> written = rule.binaries().stream().map(NetworkBinary::path).toList();
            Set<String> exact = Set.copyOf(written.stream().filter(path -> path.indexOf('*') < 0).toList());
            List<Glob> globs = written.stream().filter(path -> path.indexOf('*') >= 0).map(Glob::path).toList();
            return new Rule(key, targets, exact, globs);
        }

        boolean matchesCaller(Caller caller) {
            return matchesPath(caller.executable()) || caller.ancestors().stream().anyMatch(this::matchesPath);
        }

        List<MatchedEndpoint> matching(String host, int port) {
            List<MatchedEndpoint> found = new ArrayList<>();
            for (Target target : targets) {
                if (target.matches(host, port)) {
                    found.add(target.match());
                }
            }
            return found;
        }

        List<InspectedEndpoint> inspecting(String host, int port) {
            List<InspectedEndpoint> found = new ArrayList<>();
            for (Target target : targets) {
                if (target.inspected().isPresent() && target.matches(host, port)) {
                    found.add(target.inspected().get());
                }
            }
            return found;
        }

        private boolean matchesPath(String path) {
            // An unknown executable is an empty text, which no rule may name.
            return !path.isEmpty() && (paths.contains(path) || pathGlobs.stream().anyMatch(glob -> glob.matches(path)));
        }
    }

    private record Target(
            MatchedEndpoint match, Set<Integer> ports, Optional<Glob> pattern, Optional<InspectedEndpoint> inspected) {
        static Target compile(String key, NetworkEndpoint endpoint) {
            Optional<Glob> pattern = Optional.of(endpoint.host()).filter(host -> host.indexOf('*') >= 0).map(Glob::host);
            Optional<InspectedEndpoint> inspected = endpoint.restrictsRequests()
                    ? Optional.of(InspectedEndpoint.compile(key, endpoint)) : Optional.empty();
            return new Target(new MatchedEndpoint(key, endpoint), Set.copyOf(endpoint.ports()), pattern, inspected);
        }

        boolean matches(String host, int port) {
            return ports.contains(port) && !host.isEmpty() && matchesHost(host);
        }

        boolean captures(String host) {
            return match.endpoint().inspection().equals(Optional.of(Inspection.TCP)) && !match.endpoint().host().isEmpty()
                    && matchesHost(host);
        }

        private boolean matchesHost(String host) {
            NetworkEndpoint endpoint = match.endpoint();
            if (endpoint.host().isEmpty()) {
                return !endpoint.allowedIps().isEmpty();
            }
            return pattern.map(glob -> glob.matches(host)).orElseGet(() -> endpoint.host().equalsIgnoreCase(host));
        }
    }

    private record Guard(String key, List<Glob> include, List<Glob> exclude) {
        static Guard compile(String key, Optional<MiddlewareSelector> selector) {
            return new Guard(key, selector.map(s -> globs(s.include())).orElse(List.of()),
                    selector.map(s -> globs(s.exclude())).orElse(List.of()));
        }

        private static List<Glob> globs(List<String> patterns) {
            return patterns.stream().map(Glob::host).toList();
        }

        boolean covers(String host) {
            if (exclude.stream().anyMatch(glob -> glob.matches(host))) {
                return false;
            }
            // A missing selector or an unusable pattern covers everything: a guard errs towards refusing.
            return include.isEmpty() || include.stream().anyMatch(glob -> !glob.isValid() || glob.matches(host));
        }
    }
}
