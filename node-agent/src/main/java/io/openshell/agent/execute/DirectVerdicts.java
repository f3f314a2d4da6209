package io.openshell.agent.execute;

import io.openshell.agent.runtime.DirectAttempt;
import io.openshell.agent.runtime.DirectAttempt.Transport;
import io.openshell.model.egress.Caller;
import io.openshell.model.egress.ReasonCode;
import io.openshell.proxy.Circumstances;
import io.openshell.proxy.Identified;
import io.openshell.proxy.Verdict;
import io.openshell.proxy.VerdictSink;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Records what went past the proxy as a refusal like any other.
 *
 * @param generation of the policy in force, which a record names though no policy decided
 */
record DirectVerdicts(String sandboxId, VerdictSink sink, LongSupplier generation, Clock clock) implements Consumer<DirectAttempt> {
    private static final String ENGINE = "bypass";

    @Override
    public void accept(DirectAttempt attempt) {
        Optional<Identified.Known> by = KernelCallers.identified(attempt.caller()) instanceof Identified.Known known
                ? Optional.of(known) : Optional.empty();
        InetSocketAddress to = attempt.to();
        sink.record(new Verdict(
                clock.instant(),
                sandboxId,
                false,
                "NET:OPEN",
                by.map(known -> known.caller().executable()).orElse("-"),
                by.map(Identified.Known::pid).orElse(0),
                target(attempt.transport(), to),
                "-",
                ENGINE,
                Optional.of(attempt.transport() == Transport.TCP ? ReasonCode.BYPASS : ReasonCode.BYPASS_PROTOCOL),
                reason(attempt),
                UUID.randomUUID().toString(),
                generation.getAsLong(),
                circumstances(to, by)));
    }

    private static Circumstances circumstances(InetSocketAddress to, Optional<Identified.Known> by) {
        Optional<Caller> caller = by.map(Identified.Known::caller);
        Map<String, String> sha256 = by.map(Identified.Known::sha256).orElse(Map.of());
        return new Circumstances(host(to), to.getPort(), "", "", "", caller, sha256, List.of());
    }

    private static String target(Transport transport, InetSocketAddress to) {
        String address = host(to).contains(":") ? "[" + host(to) + "]" : host(to);
        return switch (transport) {
            case TCP -> address + ":" + to.getPort();
            case UDP -> "udp " + address + ":" + to.getPort();
            case OTHER -> "packet " + address;
        };
    }

    private static String host(InetSocketAddress to) {
        return to.getAddress().getHostAddress();
    }

    private static String reason(DirectAttempt attempt) {
        String what = switch (attempt.transport()) {
            case TCP -> "tried to connect without the proxy";
            case UDP -> "sent a datagram, which nothing carries out of a sandbox";
            case OTHER -> "sent a packet, which nothing carries out of a sandbox";
        };
        String who = KernelCallers.identified(attempt.caller()) instanceof Identified.Unknown unknown ? "; " + unknown.reason() : "";
        String more = attempt.overlooked() == 0 ? "" : "; " + attempt.overlooked() + " more packets were refused unseen before it";
        return what + who + more;
    }
}
