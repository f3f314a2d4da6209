package io.openshell.model.egress;

import java.util.Optional;

/** Decides whether one HTTP request may be made. Pure: the same policy and request always give the same verdict. */
public final class RequestEvaluator {
    private RequestEvaluator() {}

    /**
     * Decides the connection first and then the request in it. Where connections are long, make a {@link RequestScope} once instead.
     *
     * @param policy the policy
     * @param connection destination and caller
     * @param request the request, its path canonical
     */
    public static RequestVerdict evaluate(CompiledPolicy policy, EgressRequest connection, HttpRequest request) {
        return switch (EgressEvaluator.evaluate(policy, connection)) {
            case EgressVerdict.Denied denied ->
                new RequestVerdict.Denied("-", denied.code(), denied.reason(), Optional.empty());
            case EgressVerdict.Allowed allowed -> RequestScope.of(policy, connection).judge(request);
        };
    }
}
