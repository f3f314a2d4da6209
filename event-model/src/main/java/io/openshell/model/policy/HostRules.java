package io.openshell.model.policy;

import java.util.List;
import java.util.Locale;

/** Checks of the host of an endpoint. */
final class HostRules {
    private static final int MAX_LENGTH = 253;
    private static final int MIN_WILDCARD_LABELS = 3;

    private HostRules() {}

    /** Checks a non-empty host of any endpoint. */
    static void check(String host, Findings findings) {
        findings.addIf(host.length() > MAX_LENGTH, "is longer than " + MAX_LENGTH + " characters");
        findings.addIf(host.chars().anyMatch(c -> "{}\\,/".indexOf(c) >= 0 || Character.isISOControl(c) || Character.isWhitespace(c)),
                "must not contain blanks, slashes, braces, commas or backslashes");
        if (host.indexOf('*') < 0) {
            return;
        }
        if (host.chars().allMatch(c -> c == '*')) {
            findings.add("a wildcard for every host is not allowed");
            return;
        }
        List<String> labels = List.of(host.split("\\.", -1));
        String first = labels.getFirst();
        boolean wildFirst = first.equals("*") || first.equals("**");
        findings.addIf(wildFirst && labels.size() < MIN_WILDCARD_LABELS, "a leading wildcard needs at least two labels after it");
        findings.addIf(first.contains("**") && !first.equals("**"), "'**' must be the whole first label");
        for (String label : labels.subList(1, labels.size())) {
            findings.addIf(label.indexOf('*') >= 0 && !label.equals("*"),
                    "after the first label a wildcard must be '*' as the whole label");
        }
        findings.addIf(!Glob.host(host).isValid(), "is not a usable pattern");
    }

    /** Checks the host of an endpoint that policy DNS has to answer for. */
    static void checkResolvable(String host, Findings findings) {
        findings.addIf(host.isEmpty(), "protocol tcp needs a host");
        findings.addIf(IpLiteral.parse(host).isPresent(), "protocol tcp needs a name and not an IP literal");
        findings.addIf(!host.equals(host.strip()), "must not have blanks around it");
        String name = host.toLowerCase(Locale.ROOT).replace("**", "a").replace('*', 'a');
        List<String> labels = List.of(name.split("\\.", -1));
        findings.addIf(!host.isEmpty() && host.endsWith("."), "must not end in a dot");
        boolean legal = labels.stream().allMatch(label -> label.matches("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"));
        findings.addIf(!host.isEmpty() && !host.endsWith(".") && !legal, "is not a legal DNS name");
    }
}
