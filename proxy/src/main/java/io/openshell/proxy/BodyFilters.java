package io.openshell.proxy;

import io.openshell.model.egress.HttpRequest;
import io.openshell.model.egress.ReasonCode;
import io.openshell.model.middleware.BodyFilter;
import io.openshell.model.middleware.Redactor;
import io.openshell.proxy.http.BodyFraming;
import io.openshell.proxy.http.Hop;
import io.openshell.proxy.http.RequestHead;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Lets the middlewares of a policy see a request that its rules allow. Pure. */
final class BodyFilters {
    private BodyFilters() {}

    /** Why a body cannot be looked at, which its head tells already. */
    static Optional<String> hindrance(RequestHead head, long limit) {
        if (head.framing() instanceof BodyFraming.Length length && length.bytes() > limit) {
            return Optional.of("its body is larger than " + limit + " bytes");
        }
        boolean encoded = head.all("Content-Encoding").stream().anyMatch(coding -> !coding.equalsIgnoreCase("identity"));
        boolean foreign = head.all("Content-Type").stream().map(type -> type.toLowerCase(Locale.ROOT))
                .anyMatch(type -> type.contains("charset=utf-16") || type.contains("charset=utf-32"));
        return encoded || foreign ? Optional.of("its body is encoded") : Optional.empty();
    }

    /** What becomes of a request whose body nobody could look at. */
    static RequestGate.Outcome unread(TunnelContext context, Ask.Inner ask, String why) {
        var key = context.grant().passage().requests().filters().stream().filter(BodyFilter::failsClosed)
                .map(BodyFilter::key).findFirst().orElse("-");
        return new RequestGate.Outcome.Refuse(ask, Refusal.middleware(context.grant().policyKey(), ReasonCode.MIDDLEWARE_FAILED,
                "middleware_failed", "middleware " + key + " cannot read the request: " + why));
    }

    /** What the middlewares make of an allowed request. */
    static RequestGate.Outcome apply(TunnelContext context, RequestGate.Outcome.Pass pass) {
        var requests = context.grant().passage().requests();
        if (requests.filters().isEmpty()) {
            return pass;
        }
        if (pass.request().kind() == HttpRequest.Kind.UPGRADE) {
            return requests.isFilterRequired() ? unread(context, pass.ask(), "messages of a WebSocket pass unread") : pass;
        }
        boolean bodiless = pass.body().isEmpty() && pass.head().framing() instanceof BodyFraming.None;
        if (bodiless) {
            return pass;
        }
        return pass.body().map(body -> filtered(context, pass, body))
                .orElseGet(() -> requests.isFilterRequired() ? unread(context, pass.ask(), why(pass.head(), requests.filters().stream()
                        .mapToLong(filter -> filter.redactor().limit()).min().orElseThrow())) : pass);
    }

    private static String why(RequestHead head, long limit) {
        return hindrance(head, limit).orElse("its body was not collected");
    }

    private static RequestGate.Outcome filtered(TunnelContext context, RequestGate.Outcome.Pass pass, byte[] collected) {
        SortedMap<String, Integer> removed = new TreeMap<>();
        var body = collected;
        for (var filter : context.grant().passage().requests().filters()) {
            switch (filter.redactor().look(body)) {
                case Redactor.Result.Refused refused -> {
                    return new RequestGate.Outcome.Refuse(pass.ask(), Refusal.middleware(context.grant().policyKey(),
                            ReasonCode.MIDDLEWARE_DENIED, "middleware_denied",
                            "middleware " + filter.key() + " found " + String.join(", ", refused.found()) + " in the body"));
                }
                case Redactor.Result.Passed passed -> {
                    body = passed.body();
                    passed.removed().forEach((what, count) -> removed.merge(what, count, Integer::sum));
                }
            }
        }
        if (removed.isEmpty()) {
            return pass;
        }
        return new RequestGate.Outcome.Pass(pass.ask(), pass.request(), Hop.withLength(pass.head(), body.length), pass.url(),
                pass.finding().redacted(removed), pass.after(), Optional.of(body), false);
    }
}
