package io.openshell.model.policy;

import io.openshell.model.middleware.Redactor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Checks of the middlewares of a document. */
final class MiddlewareRules {
    private static final int MAX_CONFIGS = 10;
    private static final int MAX_PATTERNS = 32;

    private MiddlewareRules() {}

    static void check(PolicyDocument document, Findings findings) {
        Map<String, MiddlewareConfig> configs = document.middlewares();
        findings.addIf(configs.size() > MAX_CONFIGS, configs.size() + " middlewares, at most " + MAX_CONFIGS + " are allowed");
        Map<Integer, String> orders = new HashMap<>();
        configs.forEach((key, config) -> {
            Findings at = findings.at(key);
            String other = orders.putIfAbsent(config.order(), key);
            at.at("order").addIf(other != null, "is the same as that of " + other);
            config(key, config, at);
            if (config.failsClosed()) {
                uninspectable(document, config, at);
            }
        });
    }

    private static void config(String key, MiddlewareConfig config, Findings findings) {
        findings.addIf(key.isBlank(), "the key must not be empty");
        boolean known = config.middleware().equals(Redactor.NAME);
        findings.at("middleware").addIf(config.middleware().isBlank(), "must name an implementation");
        // One nobody knows would refuse everything, or, where it may fail, guard nothing without a word.
        findings.at("middleware").addIf(!known && !config.middleware().isBlank(),
                "'" + config.middleware() + "' is not known here; there is " + Redactor.NAME);
        if (known) {
            RedactorConfig.problems(config.config()).forEach(findings.at("config")::add);
        }
        findings.at("on_error").addIf(!Set.of("", "fail_closed", "fail_open").contains(config.onError()),
                "must be fail_closed or fail_open");
        Optional<MiddlewareSelector> selector = config.endpoints();
        findings.at("endpoints").addIf(selector.map(found -> found.include().isEmpty()).orElse(true),
                "must include at least one host pattern");
        selector.ifPresent(found -> {
            int count = found.include().size() + found.exclude().size();
            findings.at("endpoints").addIf(count > MAX_PATTERNS, count + " patterns, at most " + MAX_PATTERNS + " are allowed");
            patterns(found.include(), "include", findings.at("endpoints"));
            patterns(found.exclude(), "exclude", findings.at("endpoints"));
        });
    }

    private static void patterns(List<String> patterns, String key, Findings findings) {
        for (int i = 0; i < patterns.size(); i++) {
            String pattern = patterns.get(i);
            boolean odd = pattern.chars().anyMatch(c -> Character.isWhitespace(c) || c == '{' || c == '}');
            boolean emptyLabel = List.of(pattern.split("\\.", -1)).contains("");
            findings.at(key, i).addIf(odd || emptyLabel || !Glob.host(pattern).isValid(), "is not a usable host pattern");
        }
    }

    /** A middleware that must see every request cannot see those of an endpoint whose TLS is passed through. */
    private static void uninspectable(PolicyDocument document, MiddlewareConfig config, Findings findings) {
        document.networkPolicies().forEach((key, rule) -> rule.endpoints().stream()
                .filter(endpoint -> endpoint.tlsMode().equals(Optional.of(TlsMode.SKIP)))
                .filter(endpoint -> mayCover(config, endpoint.host()))
                .forEach(endpoint -> findings.add("must see every request, but rule " + key + " passes TLS through for host '"
                        + endpoint.host() + "'")));
    }

    private static boolean mayCover(MiddlewareConfig config, String host) {
        MiddlewareSelector selector = config.endpoints().orElse(new MiddlewareSelector(List.of(), List.of()));
        boolean literal = !host.isEmpty() && host.indexOf('*') < 0;
        boolean excluded = literal
                ? selector.exclude().stream().anyMatch(pattern -> Glob.host(pattern).matches(host))
                : selector.exclude().stream().anyMatch(pattern -> pattern.equalsIgnoreCase(host));
        return !excluded && selector.include().stream().anyMatch(pattern -> HostOverlap.possible(pattern, host));
    }
}
