package io.openshell.agent.plan;

import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.sandbox.SandboxState;
import io.openshell.model.sandbox.SandboxState.Live;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A node without a kernel: it does what plans say to an imagined host and reports through a queue. What must never be done
 * to a host fails the test at once.
 */
final class SimulatedNode {

    /** More rounds than a sound sequence of plans takes. */
    private static final int ROUNDS = 40;

    /** What there really is of a sandbox, whatever the agent knows. */
    private static final class Host {
        boolean processes;
        boolean files;
        Optional<Run.Started> kept = Optional.empty();
    }

    private record Told(String fact, SandboxCommand command) {}

    private final SandboxStream log;
    private final Map<String, Run> runs = new HashMap<>();
    private final Map<String, Host> hosts = new HashMap<>();
    private final Deque<Told> underWay = new ArrayDeque<>();
    private final Set<String> taken = new HashSet<>();
    private final List<String> trace = new ArrayList<>();
    private SandboxState view;
    private boolean refuseNext;
    private boolean failNext;
    private boolean loseNext;
    private int instances;

    SimulatedNode(SandboxStream log) {
        this.log = log;
        this.view = log.state();
    }

    void refuseNextLaunch() {
        refuseNext = true;
    }

    void loseWhatRuns() {
        loseNext = true;
    }

    void failNextPolicy() {
        failNext = true;
    }

    /** Processes and files of an earlier life of the agent. */
    void leftovers(String id) {
        host(id).processes = true;
        host(id).files = true;
    }

    /** The agent is killed and comes back: it knows nothing, has read all of its feed, and the host is as it was. */
    void restart() {
        runs.forEach((id, run) -> host(id).kept = run instanceof Run.Started s ? Optional.of(s) : Optional.empty());
        runs.clear();
        look();
    }

    /** The main process of what runs ends. */
    void mainExits(int code) {
        runs.replaceAll((id, run) -> run instanceof Run.Started s && s.end().isEmpty() ? s.exited(new Run.End(Optional.of(code))) : run);
    }

    /** Reads the feed to its end. */
    void look() {
        view = log.state();
        if (view instanceof Live live) {
            runs.putIfAbsent(live.request().sandboxId(), new Run.Unknown());
        }
    }

    /** Plans once for every sandbox it has heard of, as its feed tells it so far; returns whether there was anything to do. */
    boolean plan() {
        boolean busy = false;
        for (String id : List.copyOf(runs.keySet())) {
            List<Step> plan = planFor(id);
            trace.add(Plans.line(plan));
            plan.forEach(step -> apply(id, step));
            busy |= !plan.isEmpty();
        }
        return busy;
    }

    /** Reads the feed and acts until there is only something to tell, which it does not do yet. */
    void act() {
        look();
        for (int round = 0; round < ROUNDS; round++) {
            for (String id : List.copyOf(runs.keySet())) {
                List<Step> plan = planFor(id);
                if (plan.isEmpty() || plan.get(0) instanceof Step.Report) {
                    return;
                }
                trace.add(Plans.line(plan));
                plan.forEach(step -> apply(id, step));
            }
        }
        throw new AssertionError("no end to the actions: " + trace);
    }

    /** The log takes the oldest report under way; the same report twice has no second effect. */
    void deliver() {
        Told told = underWay.poll();
        if (told != null && taken.add(told.fact())) {
            log.node(told.command());
        }
    }

    /** Until nothing is left to do. */
    void settle() {
        for (int round = 0; round < ROUNDS; round++) {
            look();
            if (!plan() && underWay.isEmpty()) {
                return;
            }
            while (!underWay.isEmpty()) {
                deliver();
            }
        }
        throw new AssertionError("not settled after " + ROUNDS + " rounds: " + trace);
    }

    /** What was planned since the last call. */
    List<String> trace() {
        List<String> all = List.copyOf(trace);
        trace.clear();
        return all;
    }

    void requireNothingLeft() {
        hosts.forEach((id, host) -> {
            boolean wanted = log.state() instanceof Live live && live.request().sandboxId().equals(id);
            if (!wanted && (host.processes || host.files)) {
                throw new AssertionError("left of deleted sandbox " + id + ": processes=" + host.processes + " files="
                        + host.files + " run=" + runs.get(id) + " after " + trace);
            }
        });
    }

    /** Whether the host runs exactly what the log says is ready. */
    boolean runsReady(Live live) {
        return runs.get(live.request().sandboxId()) instanceof Run.Started s
                && s.enforcement().instanceId().equals(live.lifecycle().instanceId())
                && host(live.request().sandboxId()).processes;
    }

    boolean hasProcesses(String id) {
        return host(id).processes;
    }

    private List<Step> planFor(String id) {
        Run run = runs.get(id);
        return view instanceof Live live && live.request().sandboxId().equals(id)
                ? Planner.plan(live, run)
                : Planner.planGone(run);
    }

    private Host host(String id) {
        return hosts.computeIfAbsent(id, k -> new Host());
    }

    private void apply(String id, Step step) {
        switch (step) {
            case Step.Report report -> underWay.add(new Told(report.fact(), report.command()));
            case Step.Adopt adopt -> adopt(id, adopt);
            case Step.RemoveLeftovers r -> halt(id, new Run.Absent());
            case Step.Launch launch -> runs.put(id, launch(id, launch));
            case Step.EnforceGlobal enforce -> runs.put(id, ((Run.Started) runs.get(id)).under(enforce.revision().version()));
            case Step.EnforcePolicy enforce -> runs.put(id, enforce((Run.Started) runs.get(id), enforce));
            case Step.Halt h -> halt(id, new Run.Halted(((Run.Started) runs.get(id)).enforcement().instanceId()));
            case Step.Purge p -> {
                host(id).files = false;
                halt(id, new Run.Purged());
            }
        }
    }

    private void adopt(String id, Step.Adopt adopt) {
        Optional<Run.Started> kept = host(id).kept
                .filter(s -> host(id).processes && !loseNext && s.enforcement().epoch() == adopt.launch().epoch())
                .filter(s -> adopt.instanceId().isEmpty() ? s.end().isEmpty() : s.enforcement().instanceId().equals(adopt.instanceId()))
                .map(s -> new Run.Started(s.enforcement(), adopt.launch().revision().version(), s.end(), Optional.empty()));
        loseNext = false;
        kept.ifPresentOrElse(s -> runs.put(id, s), () -> halt(id, new Run.NotAdopted("its PID 1 is gone")));
    }

    private void halt(String id, Run next) {
        host(id).processes = false;
        runs.put(id, next);
    }

    private Run launch(String id, Step.Launch launch) {
        if (host(id).processes) {
            throw new AssertionError("launched over what still runs: " + trace);
        }
        String instance = "i" + ++instances;
        host(id).files = true;
        if (refuseNext) {
            refuseNext = false;
            return new Run.NotStarted(launch.epoch(), instance, List.of(), "LAYER_ABSENT", "kernel too old");
        }
        host(id).processes = true;
        return new Run.Started(SandboxStream.enforcement(launch.epoch(), instance), launch.revision().version(),
                Optional.empty(), Optional.empty());
    }

    private Run enforce(Run.Started started, Step.EnforcePolicy enforce) {
        int version = enforce.revision().version();
        if (failNext) {
            failNext = false;
            return started.failing(new Run.FailedPolicy(version, "connections stayed open"));
        }
        return started.enforcing(version, "");
    }
}
