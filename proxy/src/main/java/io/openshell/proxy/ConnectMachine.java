package io.openshell.proxy;

import io.openshell.model.egress.DestinationCheck;
import io.openshell.model.egress.DestinationPlan;
import io.openshell.model.egress.DestinationPlanner;
import io.openshell.model.egress.DestinationVerdict;
import io.openshell.model.egress.EgressEvaluator;
import io.openshell.model.egress.EgressRequest;
import io.openshell.model.egress.EgressVerdict;
import io.openshell.model.policy.IpLiteral;
import io.openshell.model.egress.ReasonCode;
import io.openshell.model.egress.RequestScope;
import io.openshell.model.egress.RequestVerdict;
import io.openshell.model.http.CanonicalPath;
import io.openshell.model.inference.InferenceRoutes;
import io.openshell.model.policy.Inspection;
import io.openshell.model.policy.TlsMode;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides what follows from what happened: parse, identify, evaluate, resolve, check, dial, relay. Pure.
 *
 * <p>An event that does not belong to the state it meets is a late one and changes nothing; the two final states never change.
 */
final class ConnectMachine {
    private static final Set<String> LOCAL_NAMES = Set.of("inference.local", "policy.local");

    private ConnectMachine() {}

    /**
     * Makes one transition.
     *
     * @param state where the exchange stands
     * @param event what happened
     * @param now the policy in force at this moment
     * @return where it stands then; the same object when nothing changed
     */
    static ConnectState next(ConnectState state, ConnectEvent event, PolicyInForce now) {
        return switch (state) {
            case ConnectState.AwaitingHead waiting -> headed(waiting, event, now);
            case ConnectState.Identifying identifying -> identified(identifying, event, now);
            case ConnectState.Resolving resolving -> resolved(resolving, event, now);
            case ConnectState.Dialing dialing -> dialled(dialing, event, now);
            case ConnectState.Relaying relaying -> relaying;
            case ConnectState.Refused refused -> refused;
        };
    }

    private static ConnectState headed(ConnectState.AwaitingHead state, ConnectEvent event, PolicyInForce now) {
        if (event instanceof ConnectEvent.Asked asked) {
            return new ConnectState.Identifying(asked.ask());
        }
        if (event instanceof ConnectEvent.Unusable unusable) {
            return anonymous(Refusal.unusable(unusable.reply(), unusable.reason()), Optional.empty(), now);
        }
        if (event instanceof ConnectEvent.Failed failed) {
            return anonymous(Refusal.unusable(new Reply.Drop(), failed.what()), Optional.empty(), now);
        }
        return state;
    }

    private static ConnectState identified(ConnectState.Identifying state, ConnectEvent event, PolicyInForce now) {
        var ask = state.ask();
        if (event instanceof ConnectEvent.Failed failed) {
            return anonymous(Refusal.fault(failed.what()), Optional.of(ask), now);
        }
        if (!(event instanceof ConnectEvent.CallerFound found)) {
            return state;
        }
        return switch (found.outcome()) {
            case Identified.Unknown unknown ->
                anonymous(
                        Refusal.policy(ask, Optional.of(unknown.code()), unknown.reason()), Optional.of(ask), now);
            case Identified.Known known -> evaluated(ask, known, now);
        };
    }

    private static ConnectState evaluated(Ask ask, Identified.Known by, PolicyInForce now) {
        var host = ask.authority().host();
        if (isInference(ask)) {
            return inference(ask, by, now);
        }
        if (LOCAL_NAMES.contains(host.endsWith(".") ? host.substring(0, host.length() - 1) : host)) {
            var refusal = Refusal.policy(
                    ask, Optional.of(ReasonCode.ENDPOINT_NOT_ALLOWED), host + " is not available in this sandbox");
            return new ConnectState.Refused(refusal, Optional.of(ask), Optional.of(by), now.generation());
        }
        if (ask instanceof Ask.Captured captured && !captured.unmapped().isEmpty()) {
            return new ConnectState.Refused(Refusal.unmapped(captured), Optional.of(ask), Optional.of(by), now.generation());
        }
        var request = new EgressRequest(host, ask.authority().port(), by.caller());
        return switch (EgressEvaluator.evaluate(now.policy(), request)) {
            case EgressVerdict.Denied denied ->
                new ConnectState.Refused(
                        Refusal.policy(ask, Optional.of(denied.code()), denied.reason()),
                        Optional.of(ask),
                        Optional.of(by),
                        now.generation());
            case EgressVerdict.Allowed allowed -> granted(new Opening(ask, by, now, request), allowed);
        };
    }

    private static boolean isInference(Ask ask) {
        return ask instanceof Ask.Tunnel && ask.authority().port() == 443
                && ask.authority().host().equals(InferenceRoutes.USER);
    }

    /** Whatever the policy says: the route was chosen by somebody who may, and only requests for models take it. */
    private static ConnectState inference(Ask ask, Identified.Known by, PolicyInForce now) {
        if (now.route().isEmpty()) {
            return new ConnectState.Refused(Refusal.noInference(), Optional.of(ask), Optional.of(by), now.generation());
        }
        var grant = new Grant(ask, by, now, InferenceGate.allowed(), new Passage(InferenceGate.scope(by), false, now.route()));
        var host = grant.upstream().host();
        var plan = new DestinationPlan.Declared(host);
        return IpLiteral.parse(host).map(literal -> checked(grant, plan, List.of(literal)))
                .orElseGet(() -> new ConnectState.Resolving(grant, plan));
    }

    /** An allowed connection before anything about its traffic is known. */
    private record Opening(Ask ask, Identified.Known by, PolicyInForce now, EgressRequest request) {
        ConnectState refused(Refusal refusal) {
            return new ConnectState.Refused(refusal, Optional.of(ask), Optional.of(by), now.generation());
        }

        ConnectState granted(Finding finding, Passage passage) {
            var grant = new Grant(ask, by, now, finding, passage);
            var plan = DestinationPlanner.plan(now.policy(), request, Optional.empty());
            return IpLiteral.parse(request.host())
                    .map(literal -> checked(grant, plan, List.of(literal)))
                    .orElseGet(() -> new ConnectState.Resolving(grant, plan));
        }
    }

    private static ConnectState granted(Opening opening, EgressVerdict.Allowed allowed) {
        var endpoint = allowed.endpoint().endpoint();
        var scope = RequestScope.of(opening.now().policy(), opening.request());
        boolean skipsTls = endpoint.tlsMode().equals(Optional.of(TlsMode.SKIP));
        boolean seen = allowed.inspected() && !skipsTls;
        boolean credentialed = endpoint.provenance().providerCredentialed() || scope.credentials().bindsAny()
                || opening.now().credentials().reaches(opening.request().host(), opening.request().port());
        if (credentialed && !endpoint.flags().allowUninspectedCredentials() && !seen) {
            return opening.refused(Refusal.uninspected(opening.ask(), allowed.policyKey()));
        }
        if (skipsTls && scope.isFilterRequired()) {
            return opening.refused(Refusal.middlewareRequired(allowed.policyKey()));
        }
        var passage = new Passage(scope, skipsTls);
        return switch (opening.ask()) {
            case Ask.Tunnel tunnel -> opening.granted(Finding.allowed(allowed.policyKey()), passage);
            case Ask.Forward forward -> scope.judges()
                    ? judged(opening, forward, passage, allowed.policyKey())
                    : unjudged(opening, forward, passage, allowed);
            case Ask.Captured captured -> captured(opening, captured, allowed);
            case Ask.Inner inner -> throw new IllegalArgumentException("a request in a tunnel opens no connection");
        };
    }

    /** Passes unread to where its name was found to lead when it was looked up; it is not looked up again. */
    private static ConnectState captured(Opening opening, Ask.Captured ask, EgressVerdict.Allowed allowed) {
        var scope = RequestScope.of(opening.now().policy(), opening.request());
        boolean plain = allowed.endpoint().endpoint().inspection().equals(Optional.of(Inspection.TCP)) && !scope.judges();
        if (!plain) {
            return opening.refused(Refusal.policy(ask, Optional.of(ReasonCode.ENDPOINT_NOT_ALLOWED),
                    "endpoint " + ask.authority().display() + " is not one with `protocol: tcp`"));
        }
        var grant = new Grant(ask, opening.by(), opening.now(), Finding.allowed(allowed.policyKey()), new Passage(scope, true));
        return checked(grant, DestinationPlanner.plan(opening.now().policy(), opening.request(), Optional.empty()), ask.pinned());
    }

    private static ConnectState unjudged(
            Opening opening, Ask.Forward forward, Passage passage, EgressVerdict.Allowed allowed) {
        boolean slash = forward.request().path().contains(CanonicalPath.ENCODED_SLASH)
                && !allowed.endpoint().endpoint().flags().allowEncodedSlash();
        return slash
                ? opening.refused(Refusal.encodedSlash(allowed.policyKey()))
                : opening.granted(Finding.allowed(allowed.policyKey()), passage);
    }

    private static ConnectState judged(Opening opening, Ask.Forward forward, Passage passage, String policyKey) {
        if (forward.otherProtocol()) {
            return opening.refused(Refusal.unsupported(forward.words(), policyKey));
        }
        if (passage.requests().bodyNeeded(forward.request()).isPresent()) {
            // Decided once its body is here, before anything is sent.
            return opening.granted(Finding.allowed(policyKey), passage);
        }
        return switch (passage.requests().judge(forward.request())) {
            case RequestVerdict.Denied denied -> opening.refused(Refusal.request(forward, opening.by(), denied));
            case RequestVerdict.Allowed allowed -> opening.granted(Finding.of(allowed), passage);
            case RequestVerdict.Audited audited -> opening.granted(Finding.of(audited), passage);
        };
    }

    private static ConnectState checked(Grant grant, DestinationPlan plan, List<InetAddress> addresses) {
        return switch (DestinationCheck.check(plan, addresses, grant.upstream().port())) {
            case DestinationVerdict.Blocked blocked ->
                refused(grant, Refusal.destination(grant, blocked.code(), blocked.kind()));
            case DestinationVerdict.Accepted accepted -> needsTermination(grant) && !grant.pinned().terminates()
                    ? refused(grant, Refusal.noTermination(grant))
                    : new ConnectState.Dialing(grant, accepted.addresses());
        };
    }

    private static boolean needsTermination(Grant grant) {
        return switch (grant.ask()) {
            case Ask.Tunnel tunnel -> !grant.passage().skipsTls();
            case Ask.Forward forward -> false;
            case Ask.Captured captured -> false;
            case Ask.Inner inner -> false;
        };
    }

    private static ConnectState resolved(ConnectState.Resolving state, ConnectEvent event, PolicyInForce now) {
        var grant = state.grant();
        if (event instanceof ConnectEvent.Failed failed) {
            return refused(grant, Refusal.fault(failed.what()));
        }
        if (event instanceof ConnectEvent.Unresolvable) {
            return refused(
                    grant, Refusal.destination(grant, ReasonCode.SSRF_UNRESOLVED, "the name could not be resolved"));
        }
        if (!(event instanceof ConnectEvent.Resolved resolved)) {
            return state;
        }
        return isStale(grant, now)
                ? refused(grant, Refusal.stale(grant))
                : checked(grant, state.plan(), resolved.addresses());
    }

    private static ConnectState dialled(ConnectState.Dialing state, ConnectEvent event, PolicyInForce now) {
        var grant = state.grant();
        if (event instanceof ConnectEvent.Failed failed) {
            return refused(grant, Refusal.fault(failed.what()));
        }
        if (event instanceof ConnectEvent.Undialable undialable) {
            return refused(grant, Refusal.unreachable(grant, undialable.why()));
        }
        if (!(event instanceof ConnectEvent.Dialled)) {
            return state;
        }
        return isStale(grant, now) ? refused(grant, Refusal.stale(grant)) : new ConnectState.Relaying(grant);
    }

    private static boolean isStale(Grant grant, PolicyInForce now) {
        return grant.pinned().generation() != now.generation();
    }

    private static ConnectState anonymous(Refusal refusal, Optional<Ask> ask, PolicyInForce now) {
        return new ConnectState.Refused(refusal, ask, Optional.empty(), now.generation());
    }

    private static ConnectState refused(Grant grant, Refusal refusal) {
        return new ConnectState.Refused(
                refusal, Optional.of(grant.ask()), Optional.of(grant.by()), grant.pinned().generation());
    }
}
