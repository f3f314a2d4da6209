package io.openshell.agent.execute;

import io.openshell.agent.launcher.CatalogueSetting;
import io.openshell.agent.runtime.DirectTraffic;
import io.openshell.agent.runtime.ExecRequest;
import io.openshell.agent.runtime.LaunchOutcome;
import io.openshell.agent.runtime.LaunchRequest;
import io.openshell.agent.runtime.OutputListener;
import io.openshell.agent.runtime.ProcessSession;
import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.model.egress.CompiledPolicy;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.sandbox.Shares;
import io.openshell.proxy.DirectEntries;
import io.openshell.proxy.EgressProxy;
import io.openshell.proxy.Listener;
import io.openshell.proxy.ProxyEventLoops;
import io.openshell.proxy.ProxyLimits;
import io.openshell.proxy.ProxyPorts;
import io.openshell.proxy.ProxySettings;
import io.openshell.proxy.SandboxRef;
import io.openshell.proxy.TlsTermination;
import io.openshell.proxy.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A real sandbox with its proxy; what is looked up and where it leads is the test's: every checked address is a loopback server. */
final class CapturedStage implements AutoCloseable {
    final List<Verdict> verdicts = new CopyOnWriteArrayList<>();
    final List<String> lookedUp = new CopyOnWriteArrayList<>();
    final List<InetSocketAddress> dialled = new CopyOnWriteArrayList<>();
    final Map<String, String> names = new ConcurrentHashMap<>(Map.of("db.test", "10.1.2.3"));
    final RunningSandbox box;
    final EgressProxy proxy;
    private final CatalogueSetting setting;
    private final ProxyEventLoops loops = ProxyEventLoops.own(2);
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    record Result(int code, String out, String err) {}

    /** @param setting where the sandbox runs; closed with the stage */
    CapturedStage(CatalogueSetting setting, CompiledPolicy policy) throws IOException {
        this.setting = setting;
        Assumptions.assumeTrue(setting.has("/usr/bin/python3"), "needs python3 in /usr/bin");
        box = launched();
        proxy = EgressProxy.start(loops, new ProxySettings(new Listener.Adopted(box.proxyListenerFd()), new SandboxRef("box", "box"), policy, 1,
                new TlsTermination.Impossible("not here"),
                new ProxyPorts(new KernelCallers(box.callers()), verdicts::add, this::resolve, this::dial), ProxyLimits.STANDARD));
        var why = box.direct().absent();
        if (why.isPresent()) {
            close();
        }
        Assumptions.assumeTrue(why.isEmpty(), () -> "needs nf_tables with queues and tproxy: " + why);
        DirectTraffic.Entries entries = box.direct().entries();
        proxy.serve(new DirectEntries(entries.streams(), entries.names(), entries.nameStreams()));
        box.direct().watch(new DirectVerdicts("box", verdicts::add, proxy::generation, Clock.systemUTC()));
        Thread.ofPlatform().daemon().name("echo").start(this::echo);
    }

    private RunningSandbox launched() {
        LaunchOutcome outcome = setting.launch(
                new LaunchRequest("box", "i1", "box", PolicyDocument.empty(), List.of("sleep", "600"), Map.of(), false), Shares.USUAL);
        if (outcome instanceof LaunchOutcome.Running running) {
            return running.sandbox();
        }
        throw new AssertionError("not running: " + outcome);
    }

    /** A policy whose one rule is for the interpreter. */
    static CompiledPolicy policy(NetworkEndpoint... endpoints) {
        NetworkRule rule = new NetworkRule("test", List.of(endpoints), List.of(new NetworkBinary("/usr/bin/python3*")));
        return CompiledPolicy.compile(PolicyDocument.empty().withNetworkPolicies(Map.of("db", rule)));
    }

    static NetworkEndpoint tcp(String host, Integer... ports) {
        return NetworkEndpoint.builder(host, ports).protocol("tcp").build();
    }

    private CompletableFuture<List<InetAddress>> resolve(String host) {
        lookedUp.add(host);
        try {
            List<InetAddress> found = new ArrayList<>();
            for (String each : names.getOrDefault(host, "").split(" ")) {
                if (!each.isEmpty()) {
                    found.add(InetAddress.getByName(each));
                }
            }
            return found.isEmpty() ? CompletableFuture.failedFuture(new UnknownHostException(host + ": Name or service not known"))
                    : CompletableFuture.completedFuture(found);
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private InetSocketAddress dial(InetAddress checked, int port) {
        dialled.add(new InetSocketAddress(checked, port));
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** Greets, then answers every line with itself. */
    private void echo() {
        while (!server.isClosed()) {
            try {
                Socket one = server.accept();
                Thread.ofVirtual().start(() -> serve(one));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void serve(Socket one) {
        try (one) {
            one.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
            one.getInputStream().transferTo(one.getOutputStream());
        } catch (IOException gone) {
            return; // the test closed its end
        }
    }

    Result python(String script) throws Exception {
        return run("python3", "-c", "import socket,struct,sys\n" + script);
    }

    Result run(String... command) throws Exception {
        ProcessSession session = box.exec(new ExecRequest(List.of(command), "", Map.of(), false, 80, 24));
        StringBuffer out = new StringBuffer();
        StringBuffer err = new StringBuffer();
        CountDownLatch ended = new CountDownLatch(1);
        session.attach(new OutputListener() {
            @Override
            public void onOutput(Stream stream, byte[] data) {
                (stream == Stream.STDOUT ? out : err).append(new String(data, StandardCharsets.UTF_8));
            }

            @Override
            public void onEnd() {
                ended.countDown();
            }
        });
        int code = session.exit().toCompletableFuture().get(20, TimeUnit.SECONDS);
        if (!ended.await(5, TimeUnit.SECONDS)) {
            throw new AssertionError("output did not end");
        }
        return new Result(code, out.toString().trim(), err.toString().trim());
    }

    /** The next verdict that was not yet asked for. */
    Verdict verdict() throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (verdicts.isEmpty() && System.nanoTime() < until) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        if (verdicts.isEmpty()) {
            throw new AssertionError("nothing was recorded");
        }
        return verdicts.removeFirst();
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        box.stop();
        setting.runtime().purge("box");
        loops.close();
        server.close();
        setting.close();
    }
}
