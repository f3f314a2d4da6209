package io.openshell.proxy;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.openshell.model.egress.ReasonCode;
import io.openshell.proxy.dns.Answer;
import io.openshell.proxy.dns.Pins;
import io.openshell.proxy.dns.Question;
import io.openshell.proxy.dns.SyntheticAddresses;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Policy DNS of one sandbox: answers for the names of endpoints with {@code protocol: tcp} with a synthetic address, refuses every
 * other name without looking it up, and records that. Safe from any event loop.
 */
final class PolicyNames {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyNames.class);
    private static final int MOST_AT_ONCE = 64;
    private static final int MOST_STREAMS = 32;
    private static final long RESOLVE_MILLIS = 2_000;
    private static final int TTL_SECONDS = 30;
    /** Programs begin to connect at the very end of the time they were told. */
    private static final long MAPPED_NANOS = TimeUnit.SECONDS.toNanos(2 * TTL_SECONDS);

    private final ProxyScene scene;
    private final SyntheticAddresses addresses;
    private final AttemptRate rate = new AttemptRate(System.nanoTime());
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger streams = new AtomicInteger();

    PolicyNames(ProxyScene scene, SyntheticAddresses addresses) {
        this.scene = scene;
        this.addresses = addresses;
    }

    /** Who asks: both ends, and whether by datagram. */
    record Asker(InetSocketAddress from, InetSocketAddress to, boolean datagram) {}

    /** Whether there is room for one more connection. */
    boolean admit(Channel stream) {
        stream.closeFuture().addListener(closed -> streams.decrementAndGet());
        return streams.incrementAndGet() <= MOST_STREAMS;
    }

    void failed(Throwable cause) {
        LOG.debug("policy DNS of sandbox {}: {}", scene.sandbox().sandboxId(), cause.toString());
    }

    /** Answers one message; the answer comes on the event loop, or not at all for what is no question. */
    void answer(byte[] message, Asker asker, EventLoop loop, Consumer<byte[]> reply) {
        switch (Question.read(message)) {
            case Question.Noise noise -> { }
            case Question.Unfit unfit -> reply.accept(Answer.of(unfit.echo(), unfit.code()));
            case Question.Address address -> {
                if (running.incrementAndGet() > MOST_AT_ONCE) {
                    running.decrementAndGet();
                    reply.accept(Answer.of(address.echo(), Question.Code.FAILED));
                } else {
                    decide(address, asker).whenCompleteAsync((answer, failure) -> {
                        running.decrementAndGet();
                        reply.accept(failure == null ? answer : Answer.of(address.echo(), Question.Code.FAILED));
                    }, loop);
                }
            }
        }
    }

    private CompletionStage<byte[]> decide(Question.Address asked, Asker asker) {
        var now = scene.inForce();
        if (now.policy().captured(asked.name()).isEmpty()) {
            return refused(asked, asker, now);
        }
        // Programs reach every destination by its IPv4 address here, whatever leads there outside.
        return asked.v6() ? CompletableFuture.completedStage(Answer.of(asked.echo(), Question.Code.OK)) : resolved(asked, now);
    }

    private CompletionStage<byte[]> resolved(Question.Address asked, PolicyInForce now) {
        return scene.ports().resolver().resolve(asked.name()).toCompletableFuture().copy()
                .orTimeout(RESOLVE_MILLIS, TimeUnit.MILLISECONDS)
                .handle((found, failure) -> failure == null ? mapped(asked, now, found) : Answer.of(asked.echo(), code(failure)));
    }

    private byte[] mapped(Question.Address asked, PolicyInForce now, List<InetAddress> found) {
        var pinned = Pins.of(now.policy(), asked.name(), found);
        long time = System.nanoTime();
        var mapping = new SyntheticAddresses.Mapping(asked.name(), now.generation(), pinned, time + MAPPED_NANOS);
        return Optional.of(mapping).filter(each -> !pinned.isEmpty()).flatMap(each -> addresses.assign(each, time))
                .map(address -> Answer.of(asked.echo(), address, TTL_SECONDS))
                .orElseGet(() -> Answer.of(asked.echo(), Question.Code.FAILED));
    }

    private static Question.Code code(Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        boolean none = cause instanceof UnknownHostException && !String.valueOf(cause.getMessage()).contains("emporary");
        return none ? Question.Code.NO_SUCH_NAME : Question.Code.FAILED;
    }

    private CompletionStage<byte[]> refused(Question.Address asked, Asker asker, PolicyInForce now) {
        var answer = Answer.of(asked.echo(), Question.Code.REFUSED);
        // Both kinds of addresses are asked for at once; that is one refusal.
        if (!rate.take(List.of(asked.name(), asker.from()), System.nanoTime())) {
            return CompletableFuture.completedStage(answer);
        }
        return identified(asker).thenApply(who -> {
            record(asked.name(), who, now);
            return answer;
        });
    }

    private CompletableFuture<Identified> identified(Asker asker) {
        var found = new CompletableFuture<Identified>();
        try {
            scene.loops().workers().execute(() -> ask(asker, found));
        } catch (RejectedExecutionException full) {
            found.complete(unknown("too many callers are being looked for"));
        }
        return found.completeOnTimeout(unknown("finding the caller took too long"),
                scene.limits().identification().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void ask(Asker asker, CompletableFuture<Identified> found) {
        try {
            var callers = scene.ports().callers();
            var asked = asker.datagram() ? callers.identifyDatagram(asker.from(), asker.to()) : callers.identify(asker.from(), asker.to());
            asked.whenComplete((who, failure) -> found.complete(who == null ? unknown("finding the caller failed") : who));
        } catch (RuntimeException failure) {
            found.complete(unknown("finding the caller failed: " + failure.getClass().getSimpleName()));
        }
    }

    private static Identified unknown(String reason) {
        return new Identified.Unknown(ReasonCode.IDENTITY_UNKNOWN, reason);
    }

    private void record(String name, Identified who, PolicyInForce now) {
        var by = who instanceof Identified.Known known ? Optional.of(known) : Optional.<Identified.Known>empty();
        var doubt = who instanceof Identified.Unknown unknown ? "; " + unknown.reason() : "";
        var about = new Circumstances(name, 0, "", "", "", by.map(Identified.Known::caller),
                by.map(Identified.Known::sha256).orElse(Map.of()), List.of());
        try {
            scene.ports().verdicts().record(new Verdict(Instant.now(), scene.sandbox().sandboxId(), false, "DNS:QUERY",
                    by.map(known -> known.caller().executable()).orElse("-"), by.map(Identified.Known::pid).orElse(0), name,
                    Finding.NO_POLICY, Finding.DNS, Optional.of(ReasonCode.NAME_NOT_ALLOWED),
                    "no endpoint with `protocol: tcp` has this name; it was not looked up" + doubt, UUID.randomUUID().toString(),
                    now.generation(), about));
        } catch (RuntimeException unaccountable) {
            LOG.error("a refused name of sandbox {} could not be recorded", scene.sandbox().sandboxId(), unaccountable);
        }
    }
}
