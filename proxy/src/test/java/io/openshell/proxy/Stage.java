package io.openshell.proxy;

import io.openshell.model.egress.Caller;
import io.openshell.model.egress.CompiledPolicy;
import io.openshell.model.learn.ProposalBody;
import io.openshell.proxy.credential.CredentialSet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy on loopback whose surroundings a test can change; the public address it dials is mapped to a loopback server. */
final class Stage implements AutoCloseable {
    static final ProxyLimits LIMITS = new ProxyLimits(
            8,
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            Duration.ofSeconds(5));
    static final InetAddress PUBLIC = address("93.184.216.34");
    static final Identified CURL = new Identified.Known(12, new Caller(Policies.CURL, List.of(), List.of()));

    final RecordingSink verdicts = new RecordingSink();
    final List<InetSocketAddress> dialled = new CopyOnWriteArrayList<>();
    final List<String> lookedUp = new CopyOnWriteArrayList<>();
    volatile CallerIdentification callers = (workload, proxy) -> CompletableFuture.completedStage(CURL);
    volatile Resolver resolver = host -> CompletableFuture.completedStage(List.of(PUBLIC));
    volatile VerdictSink sink = verdicts;
    volatile CredentialSet credentials = CredentialSet.NONE;
    volatile InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    volatile PolicyAdvisor advisor = PolicyAdvisor.OFF;
    private final ProxyEventLoops loops;
    final EgressProxy proxy;

    Stage(CompiledPolicy policy) {
        this(policy, ProxyEventLoops.own(2));
    }

    Stage(CompiledPolicy policy, ProxyEventLoops loops) {
        this(policy, loops, Certificates.TERMINATION);
    }

    Stage(CompiledPolicy policy, ProxyEventLoops loops, TlsTermination tls) {
        this(policy, loops, tls, LIMITS);
    }

    Stage(CompiledPolicy policy, ProxyEventLoops loops, TlsTermination tls, ProxyLimits limits) {
        this.loops = loops;
        var ports = new ProxyPorts(
                (workload, proxyEnd) -> callers.identify(workload, proxyEnd),
                verdict -> sink.record(verdict),
                host -> {
                    lookedUp.add(host);
                    return resolver.resolve(host);
                },
                (checked, port) -> {
                    dialled.add(new InetSocketAddress(checked, port));
                    return server;
                },
                () -> credentials).with(asking());
        var bind = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        proxy = EgressProxy.start(loops, new ProxySettings(
                new Listener.Bound(bind), new SandboxRef("sb-1", "box"), policy, 1, tls, ports, limits));
    }

    /** Whatever the advisor of the moment says. */
    private PolicyAdvisor asking() {
        return new PolicyAdvisor() {
            @Override
            public boolean enabled() {
                return advisor.enabled();
            }

            @Override
            public Optional<String> policy() {
                return advisor.policy();
            }

            @Override
            public List<String> denials(int most) {
                return advisor.denials(most);
            }

            @Override
            public CompletionStage<Submission> submit(ProposalBody.Named rule, String intent) {
                return advisor.submit(rule, intent);
            }

            @Override
            public Optional<State> find(String id) {
                return advisor.find(id);
            }

            @Override
            public CompletableFuture<Optional<State>> await(String id, Duration longest) {
                return advisor.await(id, longest);
            }
        };
    }

    Client client() throws IOException {
        var socket = new Socket();
        socket.setSoTimeout(10_000);
        socket.connect(proxy.address());
        return new Client(socket);
    }

    /** Opens a tunnel to the site that is expected to be allowed. */
    Client tunnel() throws IOException {
        var client = client();
        client.send("CONNECT site.test:443 HTTP/1.1\r\nHost: site.test:443\r\n\r\n");
        var head = client.head();
        if (!head.startsWith("HTTP/1.1 200 ")) {
            throw new AssertionError("expected a tunnel: " + head);
        }
        return client;
    }

    static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Override
    public void close() {
        proxy.close();
        loops.close();
    }
}
