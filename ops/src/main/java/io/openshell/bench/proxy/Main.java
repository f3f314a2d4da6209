package io.openshell.bench.proxy;

import io.openshell.bench.Interleaved;
import io.openshell.bench.Limit;
import io.openshell.bench.Processes;
import io.openshell.bench.Row;
import io.openshell.bench.Samples;
import io.openshell.bench.Table;
import io.openshell.bench.proxy.Talk.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Measures the egress proxy beside other proxies and prints the table. Arguments: {@code quick} or {@code full}, a folder of this
 * run, the program that starts a JVM, the jar with the load client.
 */
public final class Main implements AutoCloseable {
    private static final double MIB = 1024;
    /** In which a figure of look-ups must come about. */
    private static final int TURNS = 40;

    private final ProxyPlan plan;
    private final Talk origin;
    private final Talk box;
    private final Talk outside;
    private final Path home;
    private final String plain;
    private final String tls;
    private final List<Row> rows = new ArrayList<>();

    private Main(String[] arguments) throws Exception {
        plan = arguments[0].equals("quick") ? ProxyPlan.quick() : ProxyPlan.full();
        home = Path.of(arguments[1]);
        var java = arguments[2];
        var jar = arguments[3];
        var classes = System.getProperty("java.class.path");
        origin = new Talk(List.of(java, "-Xmx256m", "--enable-native-access=ALL-UNNAMED", "-cp", classes, OriginMain.class.getName(), home + "/origin.pem"));
        var ports = origin.line().split(" ");
        plain = ports[0];
        tls = ports[1];
        box = new Talk(List.of(java, "-Xmx512m", "--enable-native-access=ALL-UNNAMED", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp", classes, BoxMain.class.getName(), home.toString(), jar, java, plain, tls, home + "/origin.pem"));
        expectReady(box);
        outside = new Talk(List.of(java, "-Xmx128m", "-XX:+UseSerialGC", "-cp", jar, LoadClient.class.getName()));
        expectReady(outside);
    }

    private static void expectReady(Talk talk) throws InterruptedException {
        var line = talk.line();
        if (!line.equals("ready")) {
            throw new IllegalStateException(line);
        }
    }

    /** Exit status 0 when every figure was measured or skipped with a reason, whatever the verdicts. */
    public static void main(String[] arguments) throws Exception {
        // A signal runs none of the closing below; what was started must not outlive this program.
        Runtime.getRuntime().addShutdownHook(new Thread(
                () -> ProcessHandle.current().descendants().forEach(ProcessHandle::destroy), "end-all"));
        var before = load();
        try (var bench = new Main(arguments)) {
            try {
                bench.measure();
            } finally {
                System.out.println("load average before " + before + ", after " + load() + "; "
                        + Runtime.getRuntime().availableProcessors() + " processors shared by clients, proxies and server");
                System.out.print(Table.of(bench.rows));
            }
        }
    }

    private static String load() throws IOException {
        var parts = Files.readString(Path.of("/proc/loadavg")).split(" ");
        return parts[0] + " " + parts[1] + " " + parts[2];
    }

    private void measure() throws Exception {
        told("tunnels");
        try (var squid = Rival.squid(home).orElse(Rival.NONE)) {
            connects("CONNECT + GET, 1 caller", 1, squid, new Limit.Ratio(0.9));
            connects("CONNECT + GET, 32 callers, time each", 32, squid, new Limit.Ratio(0.67));
            bulk(squid);
        }
        told("requests");
        try (var bump = Rival.bump(home).orElse(Rival.NONE)) {
            requests("squid ssl-bump", bump, new Limit.Ratio(1));
        }
        try (var mitm = Rival.mitm(home).orElse(Rival.NONE)) {
            requests("mitmproxy", mitm, new Limit.Ratio(0.1));
        }
        told("decisions");
        rows.add(counted("decision about a connection", "CONNECTION", List.of(new Limit.Median(100))));
        rows.add(counted("decision about a request", "REQUEST", List.of(new Limit.Median(100))));
        told("owners");
        owners();
        told("idle tunnels");
        idle();
    }

    private Lane ours(String kind, String to, String rest) {
        return new Lane(box, kind + " 10.200.0.1:3128 " + to + " " + rest, box.pid());
    }

    private Lane theirs(Rival rival, String kind, String port, String rest) {
        return new Lane(outside, kind + " 127.0.0.1:" + rival.port() + " 127.0.0.1:" + port + " " + rest, rival.pid());
    }

    private void interleave(int rounds, int warmUps, Lane... lanes) throws Exception {
        List<Interleaved.Step> steps = new ArrayList<>();
        for (var lane : lanes) {
            steps.add(lane::slice);
        }
        for (var lane : lanes) {
            lane.warm(warmUps);
        }
        for (var lane : lanes) {
            lane.clear();
        }
        Interleaved.run(rounds, steps);
    }

    private void connects(String figure, int callers, Rival squid, Limit limit) throws Exception {
        if (squid.isAbsent()) {
            rows.add(new Row.Skipped(figure, "no squid here"));
            return;
        }
        var rest = "plain " + callers + " " + plan.slice().toMillis();
        var ours = ours("connect", "plain.test:80", rest);
        var untouched = ours("connect", "skip.test:80", rest);
        var theirs = theirs(squid, "connect", plain, rest);
        interleave(plan.slices(), plan.warmUps(), ours, theirs, untouched);
        rows.add(row(figure, ours, new Row.Yardstick("squid", taken(theirs, callers), theirs.rate()), callers, limit));
        rows.add(cost(ours, theirs, "squid"));
        rows.add(row("  the same, tls: skip", untouched, new Row.Yardstick("squid", taken(theirs, callers), theirs.rate()), callers));
    }

    private static Samples taken(Lane lane, int callers) {
        return callers == 1 ? lane.waits() : lane.each();
    }

    private static Row row(String figure, Lane ours, Row.Yardstick yardstick, int callers, Limit... limits) {
        return new Row.Measured(figure, "µs", List.of(limits), new Row.Values(
                taken(ours, callers), Optional.of(yardstick), java.util.OptionalDouble.of(ours.perSecond())));
    }

    private static Row cost(Lane ours, Lane theirs, String name) {
        return new Row.Measured("  of which processor time of the proxy", "µs", List.of(),
                Row.Values.against(ours.cost(), new Row.Yardstick(name, theirs.cost(), "")));
    }

    private void bulk(Rival squid) throws Exception {
        if (squid.isAbsent()) {
            rows.add(new Row.Skipped("bulk through a tunnel", "no squid here"));
            return;
        }
        var rest = "plain " + plan.bulkMebibytes();
        var ours = ours("bulk", "skip.test:80", rest);
        var theirs = theirs(squid, "bulk", plain, rest);
        var direct = new Lane(outside, "bulk - 127.0.0.1:" + plain + " " + rest, 0);
        interleave(plan.bulks(), 2, ours, theirs, direct);
        var figure = "bulk through a tunnel, " + plan.bulkMebibytes() + " MiB";
        rows.add(bulk(figure, ours, "squid", theirs, new Limit.Ratio(0.5)));
        rows.add(bulk("  the same", ours, "direct", direct, new Limit.Ratio(1.43)));
    }

    private Row bulk(String figure, Lane ours, String name, Lane other, Limit limit) {
        return new Row.Measured(figure, "µs", List.of(limit), Row.Values.against(ours.waits(), new Row.Yardstick(name, other.waits(),
                speed(other) + ", ours " + speed(ours))));
    }

    private String speed(Lane lane) {
        return Table.number(plan.bulkMebibytes() / MIB * 1e6 / lane.waits().median()) + " GiB/s";
    }

    private void requests(String name, Rival rival, Limit limit) throws Exception {
        var figure = "requests with rules in TLS, 16 connections, time each";
        if (rival.isAbsent()) {
            rows.add(new Row.Skipped(figure, "no " + name + " here"));
            return;
        }
        var rest = "tls 16 " + plan.slice().toMillis();
        var ours = ours("keep", "rest.test:443", rest);
        var theirs = theirs(rival, "keep", tls, rest);
        interleave(plan.slices(), plan.warmUps(), ours, theirs);
        rows.add(row(figure, ours, new Row.Yardstick(name, theirs.each(), theirs.rate()), 16, limit));
        rows.add(cost(ours, theirs, name));
    }

    private Row counted(String figure, String kind, List<Limit> limits) throws Exception {
        var answer = box.ask("@decisions " + kind);
        return new Row.Measured(figure + ", " + answer.count() + " by the proxy's own count", "µs", limits,
                Row.Values.of(Samples.of(answer.micros())));
    }

    private void owners() throws Exception {
        var script = Crowd.script(home.resolve("client/crowd.pl"));
        try (var crowd = new Talk(List.of("perl", script.toString(), "500", "10"))) {
            expectReady(crowd);
            rows.add(owners("who owns a connection, 500 processes with 5,000 sockets beside the sandbox", List.of(new Limit.Median(100))));
        }
        box.ask("@run perl " + script + " 500 10");
        expectReady(box);
        rows.add(owners("who owns a connection, all of them inside it", List.of(new Limit.Median(100))));
        box.ask("@end");
    }

    private Row owners(String figure, List<Limit> limits) throws Exception {
        box.ask("@owners " + plan.owners());
        Answer found = new Answer(0, 0, List.of());
        for (int slice = 0; slice < TURNS && found.micros().isEmpty(); slice++) {
            box.ask("connect 10.200.0.1:3128 plain.test:80 plain 1 " + plan.slice().toMillis() * 4);
            found = box.ask("@owners " + 0);
        }
        var micros = found.micros();
        // Pairs; the first ones met cold code.
        int from = Math.min(100, micros.size() / 8);
        var ours = IntStream.range(from, micros.size() / 2).mapToObj(i -> micros.get(2 * i)).toList();
        var scan = IntStream.range(from, micros.size() / 2).mapToObj(i -> micros.get(2 * i + 1)).filter(each -> each > 0).toList();
        return new Row.Measured(figure, "µs", limits, Row.Values.against(Samples.of(ours),
                new Row.Yardstick("/proc/net/tcp and all descriptors", Samples.of(scan), "")));
    }

    private void idle() throws Exception {
        int tunnels = Math.min(10_000, (int) (OpenFiles.limit() - 700) / 2) / 4 * 4;
        box.ask("connect 10.200.0.1:3128 plain.test:80 plain 1 200");
        double before = Processes.rss(box.pid());
        for (int i = 0; i < 4; i++) {
            box.ask("@client hold 10.200.0.1:3128 plain.test:80 plain " + tunnels / 4);
            Answer.of(box.line());
        }
        long open = box.ask("@tunnels").count();
        double cpu = Processes.cpuMillis(box.pid());
        Thread.sleep(plan.idle().toMillis());
        double used = (Processes.cpuMillis(box.pid()) - cpu) / plan.idle().toMillis() * 1_000;
        rows.add(new Row.Measured("memory per idle tunnel, " + open + " open", "KiB RSS", List.of(),
                Row.Values.of(Samples.of((Processes.rss(box.pid()) - before) * MIB / open))));
        rows.add(new Row.Measured("processor time of the proxy, " + open + " idle tunnels", "ms/s", List.of(),
                Row.Values.of(Samples.of(used))));
        var one = ours("connect", "plain.test:80", "plain 1 " + plan.slice().toMillis());
        one.slice();
        rows.add(new Row.Measured("CONNECT + GET, 1 caller, with them open", "µs", List.of(), Row.Values.of(one.waits())));
        box.ask("@end");
    }

    private static void told(String what) {
        System.err.println("measuring: " + what);
    }

    @Override
    public void close() throws Exception {
        outside.close();
        box.close();
        origin.close();
    }
}
