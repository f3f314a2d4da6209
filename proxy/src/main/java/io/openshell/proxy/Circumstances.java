package io.openshell.proxy;

import io.openshell.model.egress.Caller;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a decision was about, part by part, so that the same request can be judged again under another policy. Holds no
 * credential: a query stands here without the values that look like one.
 *
 * @param host destination, empty when the request named none
 * @param port destination port, 0 when the request named none
 * @param method HTTP method, empty for a tunnel whose requests were not seen
 * @param path path without query, empty for a tunnel whose requests were not seen
 * @param query query as it may be recorded, empty where there is none or requests were not seen
 * @param caller the program that asked, when it was found
 * @param sha256 lower-case hex hashes of the caller's executable and its ancestors by path, as far as known
 * @param addresses what the host resolved to, empty when it was not looked up
 */
public record Circumstances(
        String host,
        int port,
        String method,
        String path,
        String query,
        Optional<Caller> caller,
        Map<String, String> sha256,
        List<InetAddress> addresses) {
    /** Nothing is known, for example of a request that could not be read. */
    public static final Circumstances UNKNOWN =
            new Circumstances("", 0, "", "", "", Optional.empty(), Map.of(), List.of());

    /** Refuses missing parts and keeps copies. */
    public Circumstances {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(query, "query");
        Objects.requireNonNull(caller, "caller");
        sha256 = Map.copyOf(sha256);
        addresses = List.copyOf(addresses);
    }

    static Circumstances of(Optional<Ask> ask, Optional<Identified.Known> by, List<InetAddress> addresses) {
        return ask.map(asked -> new Circumstances(
                        asked.authority().host(),
                        asked.authority().port(),
                        method(asked),
                        path(asked),
                        query(asked),
                        by.map(Identified.Known::caller),
                        by.map(Identified.Known::sha256).orElse(Map.of()),
                        addresses))
                .orElse(UNKNOWN);
    }

    private static String method(Ask ask) {
        return switch (ask) {
            case Ask.Tunnel tunnel -> "";
            case Ask.Captured captured -> "";
            case Ask.Inner inner -> inner.method();
            case Ask.Forward forward -> forward.method();
        };
    }

    private static String path(Ask ask) {
        return switch (ask) {
            case Ask.Tunnel tunnel -> "";
            case Ask.Captured captured -> "";
            case Ask.Inner inner -> inner.path();
            case Ask.Forward forward -> forward.path();
        };
    }

    private static String query(Ask ask) {
        return switch (ask) {
            case Ask.Tunnel tunnel -> "";
            case Ask.Captured captured -> "";
            case Ask.Inner inner -> inner.query();
            case Ask.Forward forward -> RecordedQuery.of(forward.request().query());
        };
    }
}
