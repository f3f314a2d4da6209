package io.openshell.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelId;
import io.netty.channel.socket.SocketChannel;
import io.openshell.proxy.credential.CredentialSet;
import io.openshell.proxy.http.RequestHead;
import io.openshell.proxy.dns.SyntheticAddresses;
import io.openshell.proxy.http.Authority;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all connections of one proxy share. Safe from any thread. */
final class ProxyScene {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyScene.class);

    private final ProxyEventLoops loops;
    private final ProxySettings settings;
    private final AtomicReference<PolicyInForce> inForce;
    private final OpenTunnels tunnels = new OpenTunnels();
    private final Map<ChannelId, Channel> clients = new ConcurrentHashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger texts = new AtomicInteger();
    private volatile boolean stopped;

    ProxyScene(ProxyEventLoops loops, ProxySettings settings) {
        this.loops = loops;
        this.settings = settings;
        this.inForce = new AtomicReference<>(new PolicyInForce(settings.policy(), settings.generation(), settings.tls().isPossible()));
    }

    /** Takes a new client connection in; on its event loop, before it can read. */
    void accept(SocketChannel client) {
        clients.put(client.id(), client);
        client.closeFuture().addListener(closed -> clients.remove(client.id()));
        if (stopped) {
            client.close();
            return;
        }
        var exchange = new Exchange(this, client);
        boolean room = clients.size() <= limits().connections();
        client.pipeline().addLast(new IngressHandler(exchange, limits().head(), room));
    }

    /** Takes in a connection that came without asking, to an address of policy DNS; on its event loop. */
    void acceptCaptured(SocketChannel client, SyntheticAddresses addresses) {
        clients.put(client.id(), client);
        client.closeFuture().addListener(closed -> clients.remove(client.id()));
        var to = client.localAddress();
        if (stopped || to == null || clients.size() > limits().connections()) {
            client.config().setSoLinger(0);
            client.close();
            return;
        }
        var found = addresses.find(to.getAddress(), to.getPort(), inForce().generation(), System.nanoTime());
        new Exchange(this, client).begin(switch (found) {
            case SyntheticAddresses.Found.Pinned pinned ->
                new Ask.Captured(new Authority(pinned.name(), to.getPort()), pinned.addresses(), "");
            case SyntheticAddresses.Found.Nowhere nowhere -> new Ask.Captured(
                    new Authority(nowhere.name().isEmpty() ? to.getAddress().getHostAddress() : nowhere.name(), to.getPort()),
                    List.of(), nowhere.why());
        });
    }

    void install(PolicyInForce next) {
        inForce.accumulateAndGet(next, (old, fresh) -> fresh.generation() > old.generation() ? fresh : old);
    }

    void refuseNew() {
        stopped = true;
    }

    /** Closes every client connection, whatever it is doing; what waits upstream for it goes with it. Waits, bounded. */
    void closeClients() {
        var chosen = clients.values().toArray(Channel[]::new);
        var gone = new CountDownLatch(chosen.length);
        for (var client : chosen) {
            client.close().addListener(done -> gone.countDown());
        }
        try {
            if (!gone.await(limits().swap().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(gone.getCount() + " client connections did not close in time");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What the rules say of a request, with the time that takes counted. */
    RequestGate.Outcome judged(TunnelContext context, RequestHead head, Optional<byte[]> body) {
        long begun = System.nanoTime();
        var outcome = RequestGate.decide(context, head, body, new RequestGate.Offered(credentials(), Instant.now()));
        loops.decisions().took(DecisionTimes.Kind.REQUEST, System.nanoTime() - begun);
        return outcome;
    }

    /** Records one decision. An exception means that nothing may flow that it speaks of. */
    void record(VerdictEntry entry, long generation) {
        var finding = entry.finding();
        ports().verdicts().record(new Verdict(
                Instant.now(),
                sandbox().sandboxId(),
                finding.allowed(),
                entry.ask().map(Ask::activity).orElse("NET:OPEN"),
                entry.by().map(known -> known.caller().executable()).orElse("-"),
                entry.by().map(Identified.Known::pid).orElse(0),
                entry.ask().map(Ask::target).orElse("-"),
                finding.policyKey(),
                finding.engine(),
                finding.code(),
                finding.reason(),
                entry.decisionId(),
                generation,
                Circumstances.of(entry.ask(), entry.by(), entry.addresses())));
    }

    /** As {@link #record}; false when it failed, which then is in the agent's own log. */
    boolean recorded(VerdictEntry entry, long generation) {
        try {
            record(entry, generation);
            return true;
        } catch (RuntimeException unaccountable) {
            LOG.error("Verdict {} could not be recorded", entry.decisionId(), unaccountable);
            return false;
        }
    }

    /** Programs that wait for decisions about their proposals. */
    AtomicInteger waiting() {
        return waiting;
    }

    /** Texts of WebSockets that are being gathered. */
    AtomicInteger texts() {
        return texts;
    }

    /** The credentials the sandbox may use at this moment. */
    CredentialSet credentials() {
        return ports().credentials().now();
    }

    /** What a new connection is decided by. */
    PolicyInForce deciding() {
        var now = inForce();
        var credentials = credentials();
        return credentials.isEmpty() ? now : new PolicyInForce(now.policy(), now.generation(), now.terminates(), credentials);
    }

    PolicyInForce inForce() {
        return inForce.get();
    }

    OpenTunnels tunnels() {
        return tunnels;
    }

    ProxyEventLoops loops() {
        return loops;
    }

    ProxyLimits limits() {
        return settings.limits();
    }

    TlsTermination tls() {
        return settings.tls();
    }

    ProxyPorts ports() {
        return settings.ports();
    }

    SandboxRef sandbox() {
        return settings.sandbox();
    }
}
