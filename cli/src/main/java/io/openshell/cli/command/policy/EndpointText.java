package io.openshell.cli.command.policy;

import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.HttpFlags;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkEndpointBuilder;
import io.openshell.model.policy.RequestMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Endpoints and requests as they stand on the command line. An IPv6 address stands in brackets. */
final class EndpointText {
    private static final int LARGEST_PORT = 65_535;
    private static final Set<String> ACCESS = Set.of("", "read-only", "read-write", "full");
    private static final Set<String> PROTOCOLS = Set.of("", "tcp", "rest", "websocket", "sql");
    private static final Set<String> ENFORCEMENTS = Set.of("", "enforce", "audit");

    private EndpointText() {}

    /** Host, port and what follows them. */
    record Place(String host, int port, String rest) {}

    /** A request at a place. */
    record Request(Place place, String method, String path) {
        AllowRule allow() {
            return AllowRule.of(match());
        }

        RequestMatch match() {
            return RequestMatch.http(method, path);
        }
    }

    /** {@code host:port}. */
    static Place place(String flag, String text) {
        Place place = split(flag, text);
        if (!place.rest().isEmpty()) {
            throw usage(flag + " needs host:port, not '" + text + "'.");
        }
        return place;
    }

    /** {@code host:port[:access[:protocol[:enforcement[:options]]]]}. */
    static NetworkEndpoint endpoint(String text) {
        String flag = "--add-endpoint";
        Place place = split(flag, text);
        String[] parts = (place.rest().isEmpty() ? "" : place.rest()).split(":", 4);
        NetworkEndpointBuilder endpoint = NetworkEndpoint.builder(place.host(), place.port())
                .access(known(flag, "access", part(parts, 0), ACCESS))
                .protocol(known(flag, "protocol", part(parts, 1), PROTOCOLS))
                .enforcement(known(flag, "enforcement", part(parts, 2), ENFORCEMENTS));
        if (part(parts, 1).isEmpty() && !(part(parts, 0) + part(parts, 2)).isEmpty()) {
            throw usage("access and enforcement need a protocol that is inspected, for example "
                    + text.substring(0, text.length() - place.rest().length()) + "read-only:rest:enforce.");
        }
        options(part(parts, 3), endpoint);
        return endpoint.build();
    }

    private static void options(String text, NetworkEndpointBuilder endpoint) {
        List<String> addresses = new ArrayList<>();
        boolean websocket = false;
        boolean body = false;
        boolean uninspected = false;
        for (String option : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            switch (option) {
                case "websocket-credential-rewrite" -> websocket = true;
                case "request-body-credential-rewrite" -> body = true;
                case "allow-uninspected-credentials" -> uninspected = true;
                default -> {
                    if (!option.startsWith("allowed-ip=")) {
                        throw usage("'" + option + "' is no option of an endpoint; there are websocket-credential-rewrite,"
                                + " request-body-credential-rewrite, allow-uninspected-credentials and allowed-ip=CIDR.");
                    }
                    addresses.add(option.substring("allowed-ip=".length()));
                }
            }
        }
        endpoint.allowedIps(addresses).flags(new HttpFlags(false, websocket, body, uninspected));
    }

    /** {@code host:port:METHOD:path}. */
    static Request request(String flag, String text) {
        Place place = split(flag, text);
        int colon = place.rest().indexOf(':');
        if (colon < 1) {
            throw usage(flag + " needs host:port:METHOD:path, not '" + text + "'.");
        }
        String path = place.rest().substring(colon + 1);
        if (!path.startsWith("/") && !path.equals("**") && !path.startsWith("**/")) {
            throw usage("a path starts with '/', or is '**': '" + path + "' does not.");
        }
        return new Request(place, place.rest().substring(0, colon).toUpperCase(Locale.ROOT), path);
    }

    private static Place split(String flag, String text) {
        int end = text.startsWith("[") ? text.indexOf(']') + 1 : text.indexOf(':');
        if (end < 1 || end >= text.length() || text.charAt(end) != ':') {
            throw usage(flag + " needs host:port first, not '" + text + "'; an IPv6 address stands in brackets.");
        }
        String host = text.startsWith("[") ? text.substring(1, end - 1) : text.substring(0, end);
        int next = text.indexOf(':', end + 1);
        String port = text.substring(end + 1, next < 0 ? text.length() : next);
        if (host.isBlank() || !port.matches("[0-9]{1,5}") || number(port) < 1 || number(port) > LARGEST_PORT) {
            throw usage("'" + text + "' needs a host and a port from 1 to " + LARGEST_PORT + ".");
        }
        return new Place(host, number(port), next < 0 ? "" : text.substring(next + 1));
    }

    private static int number(String digits) {
        return Integer.parseInt(digits);
    }

    private static String part(String[] parts, int index) {
        return index < parts.length ? parts[index] : "";
    }

    private static String known(String flag, String what, String text, Set<String> values) {
        if (!values.contains(text)) {
            throw usage("'" + text + "' is no " + what + " for " + flag + "; there are "
                    + String.join(", ", values.stream().filter(value -> !value.isEmpty()).sorted().toList()) + ".");
        }
        return text;
    }

    static CliException usage(String sentence) {
        return new CliException(sentence, ExitCodes.USAGE);
    }
}
