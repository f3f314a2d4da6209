package io.openshell.model.prover;

import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.RequestMatch;
import io.openshell.model.prover.Evidence.Category;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares two effective policies and lists what the second opens: an empty list means that no program gets at credentials or
 * link-local addresses in a way it could not before. Where it is not plain that a way was there before, it counts as new. Pure.
 */
public final class Prover {

    private final List<Reach> before;
    private final List<Reach> after;
    private final Set<Evidence> found = new LinkedHashSet<>();

    private Prover(PolicyDocument current, PolicyDocument candidate) {
        this.before = Reach.of(current);
        this.after = Reach.of(candidate);
    }

    /**
     * The new ways, in a stable order.
     *
     * @param credentialed hosts for which the sandbox holds credentials; endpoints bound to a credential count besides
     */
    public static List<Evidence> delta(PolicyDocument current, PolicyDocument candidate, Set<String> credentialed) {
        Set<String> hosts = new TreeSet<>();
        credentialed.forEach(host -> hosts.add(host.toLowerCase(Locale.ROOT)));
        Stream.of(current, candidate).flatMap(policy -> policy.networkPolicies().values().stream())
                .flatMap(rule -> rule.endpoints().stream())
                .filter(endpoint -> endpoint.credentialBinding().isPresent() || endpoint.provenance().providerCredentialed())
                .map(NetworkEndpoint::host).filter(host -> !host.isEmpty() && host.indexOf('*') < 0)
                .forEach(host -> hosts.add(host.toLowerCase(Locale.ROOT)));
        Prover prover = new Prover(current, candidate);
        prover.linkLocal();
        hosts.forEach(prover::credentials);
        return List.copyOf(prover.found);
    }

    /** A list of evidence in one line. */
    public static String text(List<Evidence> delta) {
        return delta.isEmpty()
                ? "prover: no new findings"
                : "prover: " + delta.size() + (delta.size() == 1 ? " new finding: " : " new findings: ")
                        + delta.stream().map(Evidence::text).collect(Collectors.joining("; "));
    }

    private void linkLocal() {
        after.stream().filter(Reach::isLinkLocal)
                .filter(way -> before.stream().noneMatch(old -> old.isLinkLocal() && old.includesPrograms(way)
                        && old.port() == way.port() && old.endpoint().host().equalsIgnoreCase(way.endpoint().host())
                        && old.endpoint().allowedIps().containsAll(way.endpoint().allowedIps())))
                .forEach(way -> add(Category.LINK_LOCAL_REACH, way, way.endpoint().host().isEmpty()
                        ? String.join(",", way.endpoint().allowedIps()) : way.endpoint().host(), ""));
    }

    private void credentials(String host) {
        for (Reach way : after) {
            if (!way.mayLeadTo(host)) {
                continue;
            }
            List<Reach> known = before.stream()
                    .filter(old -> old.port() == way.port() && old.includesPrograms(way)
                            && (old.leadsTo(host) || old.endpoint().host().equalsIgnoreCase(way.endpoint().host()))).toList();
            if (known.isEmpty()) {
                add(Category.CREDENTIAL_REACH_EXPANSION, way, host, "");
            } else {
                capabilities(host, way, known);
            }
            if (way.isUnjudged() && known.stream().noneMatch(Reach::isUnjudged)) {
                add(Category.L7_BYPASS_CREDENTIALED, way, host, "");
            }
        }
    }

    private void capabilities(String host, Reach way, List<Reach> known) {
        List<Capability> had = known.stream().flatMap(old -> Capability.of(old.endpoint()).stream()).toList();
        Capability.of(way.endpoint()).stream()
                .filter(wanted -> had.stream().noneMatch(old -> old.includes(wanted)))
                .forEach(wanted -> add(Category.CAPABILITY_EXPANSION, way, host, wanted.text()));
        Set<RequestMatch> denied = denied(after, host, way);
        denied(known, host, way).stream().filter(rule -> !denied.contains(rule))
                .forEach(rule -> add(Category.CAPABILITY_EXPANSION, way, host,
                        "no longer denied: " + (rule.method() + " " + rule.path()).strip()));
    }

    private static Set<RequestMatch> denied(List<Reach> ways, String host, Reach about) {
        List<RequestMatch> rules = new ArrayList<>();
        ways.stream().filter(way -> way.port() == about.port() && way.mayLeadTo(host) && way.includesPrograms(about))
                .forEach(way -> rules.addAll(way.endpoint().denyRules()));
        return new LinkedHashSet<>(rules);
    }

    private void add(Category category, Reach way, String host, String what) {
        found.add(new Evidence(category, way.binary(), host, way.port(), what));
    }
}
