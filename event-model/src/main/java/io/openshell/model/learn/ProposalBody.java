package io.openshell.model.learn;

import io.openshell.model.http.Json;
import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkEndpointBuilder;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.Provenance;
import io.openshell.model.policy.RequestMatch;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a program sends to ask for rules: {@code {"intent_summary": …, "operations": [{"addRule": {"ruleName": …, "rule": …}}]}}.
 * Names may be written in either of the two usual ways. What a proposal cannot carry is refused by name, not dropped. Pure.
 */
public final class ProposalBody {

    private static final int MOST_OPERATIONS = 16;
    private static final int LONGEST_INTENT = 1_024;
    private static final Set<String> ENDPOINT = Set.of("host", "port", "ports", "protocol", "enforcement", "access", "tls", "rules",
            "deny_rules", "denyRules", "allowed_ips", "allowedIps");

    private ProposalBody() {}

    /** What was read. */
    public sealed interface Read {
        /** It can be submitted, one rule at a time. */
        record Asked(String intent, List<Named> rules) implements Read {
            /** Keeps a copy. */
            public Asked {
                rules = List.copyOf(rules);
            }
        }

        /** It cannot; one sentence says why. */
        record Invalid(String reason) implements Read {}
    }

    /** A rule and the name of the entry it shall become. */
    public record Named(String name, NetworkRule rule) {}

    private static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String reason) {
            super(reason, null, false, false);
        }
    }

    /**
     * Reads a body.
     *
     * @param caller the program that asks, for rules that name none; empty when it is not known
     */
    public static Read read(byte[] body, Optional<String> caller) {
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
            if (!(Json.parse(text).orElse(null) instanceof Json.Members whole)) {
                return new Read.Invalid("the body is not a JSON object");
            }
            only(whole, Set.of("intent_summary", "intentSummary", "operations"), "the proposal");
            String intent = either(whole, "intent_summary", "intentSummary").map(ProposalBody::text).orElse("");
            List<Json> operations = elements(whole.get("operations"), "operations");
            if (operations.isEmpty() || operations.size() > MOST_OPERATIONS) {
                return new Read.Invalid("a proposal has 1 to " + MOST_OPERATIONS + " operations");
            }
            List<Named> rules = new ArrayList<>();
            for (Json operation : operations) {
                rules.add(checked(operation(members(operation, "an operation"), caller)));
            }
            return new Read.Asked(intent.length() <= LONGEST_INTENT ? intent : intent.substring(0, LONGEST_INTENT), rules);
        } catch (Unusable unusable) {
            return new Read.Invalid(String.valueOf(unusable.getMessage()));
        } catch (CharacterCodingException bad) {
            return new Read.Invalid("the body is not UTF-8");
        }
    }

    private static Named checked(Named named) throws Unusable {
        Optional<String> problem = ProposedRule.problem(named.name(), named.rule());
        if (problem.isPresent()) {
            throw new Unusable(problem.get());
        }
        return named;
    }

    private static Named operation(Json.Members operation, Optional<String> caller) throws Unusable {
        only(operation, Set.of("addRule", "add_rule"), "an operation");
        Json.Members add = members(either(operation, "addRule", "add_rule")
                .orElseThrow(() -> new Unusable("only addRule can be proposed")), "addRule");
        only(add, Set.of("ruleName", "rule_name", "rule"), "addRule");
        String name = either(add, "ruleName", "rule_name").map(ProposalBody::text).orElse("");
        Json.Members rule = members(add.get("rule").orElseThrow(() -> new Unusable("addRule has no rule")), "rule");
        only(rule, Set.of("name", "endpoints", "binaries"), "a rule");
        List<NetworkEndpoint> endpoints = new ArrayList<>();
        for (Json each : elements(rule.get("endpoints"), "endpoints")) {
            endpoints.add(endpoint(members(each, "an endpoint")));
        }
        List<NetworkBinary> binaries = new ArrayList<>();
        for (Json each : elements(rule.get("binaries"), "binaries")) {
            Json.Members binary = members(each, "a binary");
            only(binary, Set.of("path"), "a binary");
            binaries.add(new NetworkBinary(binary.text("path").orElse("")));
        }
        if (binaries.isEmpty()) {
            caller.map(NetworkBinary::new).ifPresent(binaries::add);
        }
        return new Named(name, new NetworkRule(rule.text("name").orElse(""), endpoints, binaries));
    }

    private static NetworkEndpoint endpoint(Json.Members from) throws Unusable {
        only(from, ENDPOINT, "an endpoint");
        List<Integer> ports = new ArrayList<>();
        for (Json port : elements(from.get("ports"), "ports")) {
            ports.add(port(port));
        }
        if (from.get("port").isPresent()) {
            int port = port(from.get("port").get());
            if (!ports.contains(port)) {
                ports.add(port);
            }
        }
        String protocol = from.text("protocol").orElse("");
        NetworkEndpointBuilder endpoint = NetworkEndpoint.builder(from.text("host").orElse("")).ports(ports).protocol(protocol)
                // What is asked for from inside is never only audited because a word was left out.
                .enforcement(from.text("enforcement").orElse(protocol.isEmpty() ? "" : "enforce"))
                .access(from.text("access").orElse(""))
                .tls(from.text("tls").orElse(""))
                .provenance(new Provenance(true, false));
        List<AllowRule> rules = new ArrayList<>();
        for (Json each : elements(from.get("rules"), "rules")) {
            Json.Members rule = members(each, "a request rule");
            only(rule, Set.of("allow"), "a request rule");
            rules.add(AllowRule.of(match(rule.get("allow").orElseThrow(() -> new Unusable("a request rule has no allow")))));
        }
        List<RequestMatch> denied = new ArrayList<>();
        for (Json each : elements(either(from, "deny_rules", "denyRules"), "deny_rules")) {
            denied.add(match(each));
        }
        List<String> addresses = new ArrayList<>();
        for (Json each : elements(either(from, "allowed_ips", "allowedIps"), "allowed_ips")) {
            addresses.add(text(each));
        }
        return endpoint.rules(rules).denyRules(denied).allowedIps(addresses).build();
    }

    private static RequestMatch match(Json from) throws Unusable {
        Json.Members match = members(from, "a request");
        only(match, Set.of("method", "path"), "a request");
        return RequestMatch.http(match.text("method").orElse(""), match.text("path").orElse(""));
    }

    private static int port(Json from) throws Unusable {
        if (from instanceof Json.Scalar number && number.text().matches("[0-9]{1,5}")) {
            return Integer.parseInt(number.text());
        }
        throw new Unusable("a port is a number");
    }

    private static void only(Json.Members from, Set<String> known, String what) throws Unusable {
        for (Map.Entry<String, Json> each : from.members().entrySet()) {
            if (!known.contains(each.getKey())) {
                throw new Unusable("'" + each.getKey() + "' of " + what + " cannot be proposed");
            }
        }
    }

    private static Optional<Json> either(Json.Members from, String one, String other) {
        return from.get(one).or(() -> from.get(other));
    }

    private static Json.Members members(Json from, String what) throws Unusable {
        if (from instanceof Json.Members members) {
            return members;
        }
        throw new Unusable(what + " is not an object");
    }

    private static List<Json> elements(Optional<Json> from, String what) throws Unusable {
        if (from.isEmpty()) {
            return List.of();
        }
        if (from.get() instanceof Json.Elements elements) {
            return elements.elements();
        }
        throw new Unusable(what + " is not a list");
    }

    private static String text(Json from) {
        return from instanceof Json.Text text ? text.value() : "";
    }
}
