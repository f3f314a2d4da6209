package io.openshell.proxy;

import io.openshell.model.egress.HttpRequest;
import io.openshell.model.egress.RequestScope;
import io.openshell.proxy.credential.CredentialSet;
import io.openshell.proxy.credential.Destination;
import io.openshell.proxy.credential.FilledBody;
import io.openshell.proxy.credential.FilledRequest;
import io.openshell.proxy.credential.MarkerScan;
import io.openshell.proxy.http.BodyFraming;
import io.openshell.proxy.http.Hop;
import io.openshell.proxy.http.RequestHead;
import java.time.Instant;
import java.util.Optional;

/** Puts credentials into the requests that rules and middlewares let through, and stops those that would leave with a placeholder. */
final class CredentialStage {
    private CredentialStage() {}

    /** How much of a body is wanted so that placeholders in it can be replaced; empty when it may pass as it comes. */
    static Optional<RequestScope.BodyNeed> bodyNeeded(
            TunnelContext context, CredentialSet credentials, HttpRequest request, RequestHead head) {
        boolean wanted = !credentials.isEmpty() && rewritesBody(context, request) && FilledBody.kind(head).isPresent()
                && !(head.framing() instanceof BodyFraming.Length length && length.bytes() > FilledBody.LIMIT);
        return wanted ? Optional.of(new RequestScope.BodyNeed(Optional.empty(), FilledBody.LIMIT)) : Optional.empty();
    }

    private static boolean rewritesBody(TunnelContext context, HttpRequest request) {
        return context.grant().passage().requests().credentials().rewritesBody(request.path());
    }

    /** Whether the messages of a WebSocket are read because of credentials that may be used there. */
    static boolean watchesMessages(TunnelContext context, CredentialSet credentials, HttpRequest upgrade) {
        var scope = context.grant().passage().requests().credentials();
        return !credentials.isEmpty() && (scope.rewritesText(upgrade.path())
                || scope.boundProvider(upgrade.path()).filter(credentials::isOf).isPresent()
                || credentials.reaches(context.authority().host(), context.authority().port()));
    }

    /** Where a request goes, as far as credentials are concerned. */
    static Destination destination(TunnelContext context, HttpRequest request) {
        return new Destination(context.authority().host(), context.authority().port(), request.path(),
                context.grant().passage().requests().credentials().boundProvider(request.path()));
    }

    /** Signs where the policy asks for it, which puts another signature in place of the one with placeholders, and fills in. */
    static RequestGate.Outcome signed(TunnelContext context, RequestGate.Offered offered, RequestGate.Outcome.Pass pass) {
        var credentials = namesItsHost(pass.head()) ? offered.credentials() : CredentialSet.NONE;
        var signed = SigningStage.apply(context, pass, credentials, offered.now());
        return signed instanceof RequestGate.Outcome.Pass sent
                ? apply(context, credentials, sent, offered.now())
                : signed;
    }

    /** HTTP/1.0 need not say which host it means. What does not say so gets no secret of any. */
    private static boolean namesItsHost(RequestHead head) {
        return !head.version().equals("HTTP/1.0") || !head.target().startsWith("/") || !head.all("Host").isEmpty();
    }

    /** What becomes of a request that may pass. */
    static RequestGate.Outcome apply(TunnelContext context, CredentialSet credentials, RequestGate.Outcome.Pass pass, Instant now) {
        var to = destination(context, pass.request());
        return switch (FilledRequest.of(pass.head(), pass.url(), credentials, to, now)) {
            case FilledRequest.Misdirected no -> refused(pass, Refusal.misdirectedCredential(context));
            case FilledRequest.Unavailable no -> refused(pass, Refusal.noCredential(context, no.why()));
            case FilledRequest.Ready ready -> {
                var filled = new RequestGate.Outcome.Pass(pass.ask(), pass.request(), ready.head(), ready.url(),
                        pass.finding(), pass.after(), pass.body(), pass.filled() || ready.count() > 0);
                yield pass.body().isEmpty() || credentials.isEmpty() ? filled : body(context, credentials, filled, now);
            }
        };
    }

    private static RequestGate.Outcome body(
            TunnelContext context, CredentialSet credentials, RequestGate.Outcome.Pass pass, Instant now) {
        var body = pass.body().orElseThrow();
        var kind = rewritesBody(context, pass.request()) ? FilledBody.kind(pass.head()) : Optional.<FilledBody.Kind>empty();
        if (kind.isEmpty()) {
            return MarkerScan.isIn(body) ? refused(pass, Refusal.noCredential(context, FilledRequest.LEFT_OVER)) : pass;
        }
        return switch (FilledBody.of(body, kind.get(), credentials, destination(context, pass.request()), now)) {
            case FilledBody.Misdirected no -> refused(pass, Refusal.misdirectedCredential(context));
            case FilledBody.Unavailable no -> refused(pass, Refusal.noCredential(context, no.why()));
            case FilledBody.Ready ready -> new RequestGate.Outcome.Pass(pass.ask(), pass.request(),
                    Hop.withLength(pass.head(), ready.bytes().length), pass.url(), pass.finding(), pass.after(),
                    Optional.of(ready.bytes()), pass.filled() || ready.count() > 0);
        };
    }

    private static RequestGate.Outcome refused(RequestGate.Outcome.Pass pass, Refusal refusal) {
        return new RequestGate.Outcome.Refuse(pass.ask(), refusal);
    }
}
