package io.openshell.bench.proxy;

import io.openshell.agent.execute.KernelCallers;
import io.openshell.agent.launcher.LinuxRuntime;
import io.openshell.agent.launcher.LinuxSettings;
import io.openshell.agent.report.SandboxLog;
import io.openshell.agent.runtime.ExecRequest;
import io.openshell.agent.runtime.LaunchException;
import io.openshell.agent.runtime.LaunchOutcome;
import io.openshell.agent.runtime.LaunchRequest;
import io.openshell.agent.runtime.OutputListener;
import io.openshell.agent.runtime.ProcessSession;
import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.model.egress.CompiledPolicy;
import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.FilesystemPolicy;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.RequestMatch;
import io.openshell.model.sandbox.Basis;
import io.openshell.model.sandbox.SandboxSource;
import io.openshell.model.sandbox.Shares;
import io.openshell.proxy.DecisionTimes;
import io.openshell.proxy.EgressProxy;
import io.openshell.proxy.Listener;
import io.openshell.proxy.ProxyEventLoops;
import io.openshell.proxy.ProxyLimits;
import io.openshell.proxy.ProxyPorts;
import io.openshell.proxy.ProxySettings;
import io.openshell.proxy.SandboxRef;
import io.openshell.proxy.TlsTermination;
import io.openshell.proxy.tls.SandboxAuthority;
import io.openshell.proxy.tls.UpstreamTrust;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A sandbox as the node agent makes it, with its proxy and a {@link LoadClient} inside, but no gateway: verdicts are written to a
 * file, as other proxies write theirs. Names of the test are public addresses to the policy and lead to loopback.
 *
 * <p>Arguments: a folder of this run, the jar with the load client, the program that starts a JVM, the server's plain and TLS port,
 * the file with the server's authority. Reads lines: {@code @...} are for this program, all others for the load client.
 */
public final class BoxMain {
    private static final String PUBLIC = "93.184.216.34";
    private static final int FIRST_UID = 2_940_000;
    private static final int CONNECTIONS = 20_000;
    private static final int SHOWN = 1_000;
    private static final int END_SECONDS = 30;

    private final RunningSandbox box;
    private final ProxyEventLoops loops = ProxyEventLoops.own(2);
    private final OwnerTimes owners;
    private final String[] client;
    private final List<ProcessSession> more = new ArrayList<>();

    private BoxMain(RunningSandbox box, String[] client) {
        this.box = box;
        this.client = client;
        this.owners = new OwnerTimes(new KernelCallers(box.callers()));
    }

    /** Serves commands until its input ends, then removes the sandbox. */
    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]).toAbsolutePath();
        Path shown = Files.createDirectories(home.resolve("client"));
        Files.copy(Path.of(arguments[1]), shown.resolve("load.jar"));
        var runtime = new LinuxRuntime(new LinuxSettings(home.resolve("box"), FIRST_UID, List.of(shown.toString())));
        String[] client = {arguments[2], "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=4", "-cp", shown + "/load.jar",
            LoadClient.class.getName()};
        var policy = policy(shown.toString(), arguments[2]);
        var request = new LaunchRequest("bench-proxy", "i1", "bench", policy, List.of(client), Map.of(), false)
                .with(new Basis(new SandboxSource.Host(), new Shares(0, 0, 4_000, 0)));
        if (!(runtime.launch(request) instanceof LaunchOutcome.Running running)) {
            System.out.println("failed no sandbox: " + runtime.launch(request));
            return;
        }
        // Also when this program is told to end from outside: a sandbox outlives its agent otherwise, and all its programs with it.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            running.sandbox().stop();
            runtime.purge("bench-proxy");
        }, "end-sandbox"));
        var main = new BoxMain(running.sandbox(), client);
        try {
            main.serve(home, CompiledPolicy.compile(policy), arguments);
        } finally {
            System.exit(0);
        }
    }

    private static PolicyDocument policy(String shown, String java) throws IOException {
        var rest = NetworkEndpoint.builder("rest.test", 443).protocol("rest").enforcement("enforce").rules(List.of(
                new AllowRule(Optional.of(RequestMatch.http("POST", "/repos/*/issues"))),
                new AllowRule(Optional.of(RequestMatch.http("GET", "/repos/**"))))).build();
        var skip = NetworkEndpoint.builder("skip.test", 80).tls("skip").build();
        var plain = NetworkEndpoint.plain("plain.test", 80);
        var rule = new NetworkRule("bench", List.of(rest, skip, plain),
                List.of(new NetworkBinary(Path.of(java).toRealPath().toString())));
        return PolicyDocument.empty()
                .withFilesystem(new FilesystemPolicy(true, List.of("/usr", "/lib", "/etc", "/proc", "/dev/urandom", shown),
                        List.of("/tmp", "/dev/null")))
                .withNetworkPolicies(Map.of("bench", rule));
    }

    private void serve(Path home, CompiledPolicy policy, String[] arguments) throws Exception {
        var plain = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[3]));
        var tls = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[4]));
        var usual = ProxyLimits.STANDARD;
        var limits = new ProxyLimits(CONNECTIONS, usual.head(), usual.identification(), usual.resolution(), usual.dial(),
                usual.handshake(), usual.idle(), Duration.ofSeconds(30));
        owners.inside(processInside());
        try (var log = new VerdictFile(home.resolve("verdicts"));
                var proxy = EgressProxy.start(loops, new ProxySettings(
                        new Listener.Adopted(box.proxyListenerFd()), new SandboxRef(box.sandboxId(), "bench"), policy, 1,
                        new TlsTermination.Possible(SandboxAuthority.create(), trust(Path.of(arguments[5]))),
                        new ProxyPorts(owners, new SandboxLog(log, "bench", box.sandboxId(), Clock.systemUTC()),
                                host -> CompletableFuture.completedStage(List.of(address())),
                                (checked, port) -> port == 443 ? tls : plain),
                        limits))) {
            follow(box.main(), "ended\n");
            var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
            for (var line = commands.readLine(); line != null; line = commands.readLine()) {
                if (line.startsWith("@")) {
                    System.out.println(own(line.substring(1).split(" "), proxy));
                } else {
                    var bytes = (line + "\n").getBytes(StandardCharsets.US_ASCII);
                    box.main().writeInput(bytes, 0, bytes.length);
                }
            }
        } finally {
            loops.close();
        }
    }

    /** Any process whose network is not this program's. */
    private static long processInside() {
        return ProcessHandle.current().descendants().mapToLong(ProcessHandle::pid).filter(pid -> !network(pid).equals(network(0)))
                .findFirst().orElseThrow(() -> new IllegalStateException("no process in a network of its own"));
    }

    private static String network(long pid) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", pid == 0 ? "self" : Long.toString(pid), "ns", "net")).toString();
        } catch (IOException ended) {
            return network(0);
        }
    }

    private static UpstreamTrust trust(Path pem) throws Exception {
        try (var in = Files.newInputStream(pem)) {
            return UpstreamTrust.of(List.of((X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in)));
        }
    }

    private static InetAddress address() {
        try {
            return InetAddress.getByName(PUBLIC);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private String own(String[] words, EgressProxy proxy) throws Exception {
        return switch (words[0]) {
            case "decisions" -> quantiles(DecisionTimes.Kind.valueOf(words[1]));
            case "owners" -> owners.measured(Integer.parseInt(words[1]));
            case "tunnels" -> "ok " + proxy.openTunnels() + " 0";
            // More programs in the sandbox: what they say comes back like what the load client says.
            case "client" -> run(Stream.concat(Arrays.stream(client), Arrays.stream(words).skip(1)).toList());
            case "run" -> run(Arrays.stream(words).skip(1).toList());
            case "end" -> end();
            default -> "failed " + words[0];
        };
    }

    private String run(List<String> command) throws LaunchException {
        var session = box.exec(new ExecRequest(command, "", Map.of(), false, 80, 24));
        more.add(session);
        follow(session, "");
        return "ok 0 0";
    }

    /** Ends the programs that were started besides the load client; they end with their input. */
    private String end() throws Exception {
        for (var session : more) {
            session.closeInput();
        }
        for (var session : more) {
            session.exit().toCompletableFuture().get(END_SECONDS, TimeUnit.SECONDS);
        }
        more.clear();
        return "ok 0 0";
    }

    /** So many durations that lie like the counted ones. */
    private String quantiles(DecisionTimes.Kind kind) {
        long count = loops.decisions().count(kind);
        var text = new StringBuilder("ok " + count + " 0");
        for (int i = 1; i <= Math.min(count, SHOWN); i++) {
            text.append(' ').append(loops.decisions().micros(kind, (i - 0.5) / Math.min(count, SHOWN)));
        }
        return text.toString();
    }

    /** Passes on what a program prints, and something last. */
    private static void follow(ProcessSession session, String last) {
        session.attach(new OutputListener() {
            @Override
            public void onOutput(OutputListener.Stream stream, byte[] data) {
                if (stream == OutputListener.Stream.STDOUT) {
                    System.out.print(new String(data, StandardCharsets.US_ASCII));
                    System.out.flush();
                }
            }

            @Override
            public void onEnd() {
                System.out.print(last);
                System.out.flush();
            }
        });
    }
}
