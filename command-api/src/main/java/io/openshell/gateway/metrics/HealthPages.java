package io.openshell.gateway.metrics;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The plain HTTP pages: {@code /healthz} (the process answers), {@code /readyz} (its views hold what the log holds) and
 * {@code /metrics}. Never blocks.
 *
 * @param unready why the gateway should get no calls now; empty when it may
 * @param metrics text of the metrics page
 */
public record HealthPages(Supplier<Optional<String>> unready, Supplier<String> metrics) {

    private static final int UNAVAILABLE = 503;
    private static final int NOT_FOUND = 404;

    /** Pages of a gateway that is always ready and measures nothing. */
    public static final HealthPages PLAIN = new HealthPages(Optional::empty, () -> "");

    /** Answers a request that is no call. */
    public void answer(HttpServerRequest request) {
        if (request.method() != HttpMethod.GET) {
            request.response().setStatusCode(NOT_FOUND).end();
            return;
        }
        switch (request.path()) {
            case "/healthz" -> request.response().end("ok\n");
            case "/readyz" -> ready(request);
            case "/metrics" -> request.response()
                    .putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8")
                    .end(metrics.get());
            default -> request.response().setStatusCode(NOT_FOUND).end();
        }
    }

    private void ready(HttpServerRequest request) {
        Optional<String> why = unready.get();
        if (why.isEmpty()) {
            request.response().end("ready\n");
        } else {
            request.response().setStatusCode(UNAVAILABLE).end(why.get() + "\n");
        }
    }
}
