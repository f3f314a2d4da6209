package io.openshell.model.review;

import io.openshell.model.policy.Glob;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The entry of a policy that comes nearest to allowing a connection.
 *
 * @param key its key
 * @param endpoint the endpoint of it that comes nearest
 * @param lacks what it lacks, one sentence each; empty when it allows the connection
 */
public record NearestEntry(String key, NetworkEndpoint endpoint, List<String> lacks) {
    private static final int SHOWN = 6;

    /** Keeps a copy. */
    public NearestEntry {
        lacks = List.copyOf(lacks);
    }

    /** The nearest entry; empty when no entry names the host, or the port for this program. */
    public static Optional<NearestEntry> of(PolicyDocument policy, RecordedRequest request) {
        List<Candidate> candidates = new ArrayList<>();
        policy.networkPolicies().forEach((key, rule) ->
                rule.endpoints().forEach(endpoint -> candidates.add(Candidate.of(key, rule, endpoint, request))));
        return candidates.stream().filter(Candidate::related).min(Comparator.comparingInt(Candidate::distance))
                .map(candidate -> new NearestEntry(candidate.key(), candidate.endpoint(), candidate.lacks(request)));
    }

    private record Candidate(
            String key, NetworkRule rule, NetworkEndpoint endpoint, boolean host, boolean port, boolean program) {
        static Candidate of(String key, NetworkRule rule, NetworkEndpoint endpoint, RecordedRequest request) {
            Stream<String> programs =
                    Stream.concat(Stream.of(request.caller().executable()), request.caller().ancestors().stream());
            boolean named = programs.filter(path -> !path.isEmpty()).anyMatch(path -> rule.binaries().stream()
                    .anyMatch(binary -> matches(binary.path(), path, Glob.path(binary.path()))));
            boolean host = endpoint.host().isEmpty()
                    || matches(endpoint.host().toLowerCase(java.util.Locale.ROOT),
                            request.host().toLowerCase(java.util.Locale.ROOT), Glob.host(endpoint.host()));
            return new Candidate(key, rule, endpoint, host, endpoint.ports().contains(request.port()), named);
        }

        private static boolean matches(String pattern, String text, Glob glob) {
            return pattern.indexOf('*') < 0 ? pattern.equals(text) : glob.matches(text);
        }

        boolean related() {
            return host || port && program;
        }

        int distance() {
            return (host ? 0 : 4) + (port ? 0 : 2) + (program ? 0 : 1);
        }

        List<String> lacks(RecordedRequest request) {
            List<String> lacks = new ArrayList<>();
            if (!host) {
                lacks.add("it names host " + endpoint.host() + ", not " + request.host());
            }
            if (!port) {
                lacks.add("it names port " + shown(endpoint.ports()) + ", not " + request.port());
            }
            if (!program) {
                String named = rule.binaries().isEmpty() ? "no program"
                        : shown(rule.binaries().stream().map(binary -> binary.path()).toList());
                lacks.add("it is for " + named + ", not for " + request.caller().executable());
            }
            return lacks;
        }

        private static String shown(List<?> values) {
            String first = String.join(", ", values.stream().limit(SHOWN).map(String::valueOf).toList());
            return values.size() > SHOWN ? first + " and " + (values.size() - SHOWN) + " more" : first;
        }
    }
}
