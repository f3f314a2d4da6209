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
import io.openshell.model.policy.NetworkEndpoint;
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
        if (LOCAL_NAMES.contains(host.endsWith(".") ? host.substring(0, host.length() - 1) : host)) {
            var refusal = Refusal.policy(
                    ask, Optional.of(ReasonCode.ENDPOINT_NOT_ALLOWED), host + " is not available in this sandbox");
            return new ConnectState.Refused(refusal, Optional.of(ask), Optional.of(by), now.generation());
        }
        var request = new EgressRequest(host, ask.authority().port(), by.caller());
        return switch (EgressEvaluator.evaluate(now.policy(), request)) {
            case EgressVerdict.Denied denied ->
                new ConnectState.Refused(
                        Refusal.policy(ask, Optional.of(denied.code()), denied.reason()),
                        Optional.of(ask),
                        Optional.of(by),
                        now.generation());
            case EgressVerdict.Allowed allowed when allowed.inspected() ->
                new ConnectState.Refused(
                        Refusal.policy(ask, Optional.of(ReasonCode.INSPECTION_UNAVAILABLE), "requests cannot be inspected here"),
                        Optional.of(ask),
                        Optional.of(by),
                        now.generation());
            case EgressVerdict.Allowed allowed ->
                granted(new Grant(ask, by, now, allowed.policyKey()), request, allowed.endpoint().endpoint());
        };
    }

    private static ConnectState granted(Grant grant, EgressRequest request, NetworkEndpoint endpoint) {
        if (endpoint.provenance().providerCredentialed() && !endpoint.flags().allowUninspectedCredentials()) {
            return refused(grant, Refusal.uninspected(grant));
        }
        var plan = DestinationPlanner.plan(grant.pinned().policy(), request, Optional.empty());
        return IpLiteral.parse(request.host())
                .map(literal -> checked(grant, plan, List.of(literal)))
                .orElseGet(() -> new ConnectState.Resolving(grant, plan));
    }

    private static ConnectState checked(Grant grant, DestinationPlan plan, List<InetAddress> addresses) {
        return switch (DestinationCheck.check(plan, addresses, grant.ask().authority().port())) {
            case DestinationVerdict.Blocked blocked ->
                refused(grant, Refusal.destination(grant, blocked.code(), blocked.kind()));
            case DestinationVerdict.Accepted accepted -> new ConnectState.Dialing(grant, accepted.addresses());
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
