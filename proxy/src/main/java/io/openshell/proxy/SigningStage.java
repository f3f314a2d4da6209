package io.openshell.proxy;

import io.openshell.model.egress.HttpRequest;
import io.openshell.model.egress.RequestScope;
import io.openshell.model.policy.RequestSigning;
import io.openshell.proxy.credential.CredentialSet;
import io.openshell.proxy.credential.CredentialSet.Resolution;
import io.openshell.proxy.credential.Destination;
import io.openshell.proxy.credential.SecretText;
import io.openshell.proxy.credential.SignedRequest;
import io.openshell.proxy.http.BodyFraming;
import io.openshell.proxy.http.RequestHead;
import java.time.Instant;
import java.util.Optional;

/** Signs the requests that rules let through, where the policy asks for it, with the keys of an attached provider. Pure. */
final class SigningStage {
    private static final String ACCESS = "AWS_ACCESS_KEY_ID";
    private static final String SECRET = "AWS_SECRET_ACCESS_KEY";
    private static final String SESSION = "AWS_SESSION_TOKEN";

    private SigningStage() {}

    private static RequestSigning scope(TunnelContext context, HttpRequest request) {
        return context.grant().passage().requests().credentials().signing(request.path());
    }

    /** The whole body, where its hash goes into the signature. */
    static Optional<RequestScope.BodyNeed> bodyNeeded(TunnelContext context, HttpRequest request, RequestHead head) {
        var scope = scope(context, request);
        boolean wanted = !scope.kind().isEmpty() && !(head.framing() instanceof BodyFraming.None)
                && SignedRequest.signsBody(head, scope).orElse(false);
        return wanted ? Optional.of(new RequestScope.BodyNeed(Optional.empty(), SignedRequest.LIMIT)) : Optional.empty();
    }

    /** The request as it is signed; unchanged where the policy asks for no signature. */
    static RequestGate.Outcome apply(TunnelContext context, RequestGate.Outcome.Pass pass, CredentialSet credentials, Instant now) {
        var scope = scope(context, pass.request());
        if (scope.kind().isEmpty()) {
            return pass;
        }
        var signsBody = SignedRequest.signsBody(pass.head(), scope);
        boolean unread = pass.body().isEmpty() && !(pass.head().framing() instanceof BodyFraming.None);
        if (signsBody.isEmpty() || signsBody.get() && unread) {
            return refused(pass, Refusal.noCredential(context, "a body that is signed in parts cannot be signed anew"));
        }
        var to = CredentialStage.destination(context, pass.request());
        return switch (credentials.resolve(ACCESS, to, now)) {
            case Resolution.Misdirected no -> refused(pass, Refusal.misdirectedCredential(context));
            case Resolution.Unavailable no -> refused(pass, Refusal.noCredential(context, "there is no key to sign with: " + no.why()));
            case Resolution.Value access -> value(credentials, SECRET, to, now)
                    .map(secret -> new SignedRequest.Keys(access.secret(), secret, value(credentials, SESSION, to, now)))
                    .map(keys -> signed(context, pass, keys, now))
                    .orElseGet(() -> refused(pass, Refusal.noCredential(context, "there is no secret key to sign with")));
        };
    }

    private static Optional<SecretText> value(CredentialSet credentials, String key, Destination to, Instant now) {
        return credentials.resolve(key, to, now) instanceof Resolution.Value value ? Optional.of(value.secret()) : Optional.empty();
    }

    private static RequestGate.Outcome signed(
            TunnelContext context, RequestGate.Outcome.Pass pass, SignedRequest.Keys keys, Instant now) {
        var scope = scope(context, pass.request());
        boolean whole = SignedRequest.signsBody(pass.head(), scope).orElse(true);
        var payload = whole ? SignedRequest.sha256(pass.body().orElse(new byte[0])) : SignedRequest.UNSIGNED;
        var host = pass.url().hostField(context.defaultPort());
        var head = new SignedRequest(pass.url(), host, scope, now).signed(pass.head(), payload, keys);
        return new RequestGate.Outcome.Pass(
                pass.ask(), pass.request(), head, pass.url(), pass.finding(), pass.after(), pass.body(), true);
    }

    private static RequestGate.Outcome refused(RequestGate.Outcome.Pass pass, Refusal refusal) {
        return new RequestGate.Outcome.Refuse(pass.ask(), refusal);
    }
}
