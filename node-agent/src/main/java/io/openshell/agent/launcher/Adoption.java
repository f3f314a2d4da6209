package io.openshell.agent.launcher;

import io.openshell.agent.capture.CaptureAgain;
import io.openshell.agent.capture.CaptureLoop;
import io.openshell.agent.capture.CaptureSupport;
import io.openshell.agent.isolation.IsolationPlan;
import io.openshell.agent.isolation.seccomp.SeccompFilter;
import io.openshell.agent.linux.Fd;
import io.openshell.agent.linux.KernelException;
import io.openshell.agent.linux.Netlink;
import io.openshell.agent.linux.Processes;
import io.openshell.agent.runtime.AdoptOutcome;
import io.openshell.agent.runtime.LaunchRequest;
import io.openshell.agent.runtime.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Takes over what an earlier agent left running. Everything is compared with what that agent wrote down before any of it is
 * trusted; what does not match is left alone, for the caller to end.
 */
final class Adoption {
    private static final int MOST_SECRET = 64 * 1024;
    private final SandboxFiles files;
    private final RunRecord record;
    private final LaunchRequest request;
    private final Map<String, String> verified = new LinkedHashMap<>();
    private final Map<String, Integer> taken = new TreeMap<>();

    /**
     * What programs that enter it are sealed with, and the shares it has of the machine.
     *
     * @param initUid user id of its PID 1
     */
    record Means(IsolationPlan plan, SeccompFilter filter, Ground ground, CaptureSupport capturing, CaptureLoop captures, int initUid) {}

    Adoption(SandboxFiles files, RunRecord record, LaunchRequest request) {
        this.files = files;
        this.record = record;
        this.request = request;
    }

    /**
     * Verifies and takes over.
     *
     * @throws IOException when something is missing or is not what it was; nothing is taken then
     */
    AdoptOutcome.Adopted take(Means means, Consumer<Boolean> onGone) throws IOException {
        require(record.start().instance().equals(request.instanceId()), "another start was written down");
        require(record.boot().equals(ProcFiles.bootId()), "the machine was started again");
        require(files.recordedUid().filter(uid -> uid == record.uid()).isPresent(), "its user id is not the one it had");
        verifyInit(means.initUid());
        Holder holder = Holder.find(request.sandboxId(), files.holderUid(record.uid()), record.holder(), record.held());
        verified.put("holder.pid", Integer.toString(record.holder().pid()));
        try {
            for (String name : record.held().keySet()) {
                taken.put(name, holder.take(name));
            }
            return taken(means, holder, onGone);
        } catch (IOException | RuntimeException e) {
            taken.values().forEach(Fd::close);
            throw e;
        }
    }

    private AdoptOutcome.Adopted taken(Means means, Holder holder, Consumer<Boolean> onGone) throws IOException {
        IsolationPlan plan = means.plan();
        requireHandle(Keeping.INIT, record.init().pid());
        boolean runs = verifyMain(plan);
        Secret secret = secret();
        Netlink.drain(descriptor(Keeping.DIAG));
        int[] streams = record.start().tty()
                ? new int[] {descriptor(Keeping.INPUT), descriptor(Keeping.INPUT), -1}
                : new int[] {taken.getOrDefault(Keeping.INPUT, -1), descriptor(Keeping.OUTPUT), descriptor(Keeping.ERRORS)};
        LinuxSession main = LinuxSession.adopted(record.main().pid(), descriptor(Keeping.MAIN), streams, record.start().tty());
        main.confinedTo(record.namespaces().get("pid"));
        main.keepOutput(files.output());
        Map<String, String> evidence = runs
                ? LinuxRuntime.evidenceWith(Evidence.of(record.main().pid(), record.init().pid(), plan).seen(), means.ground(), record.init().pid()) : Map.of();
        SandboxHandles handles = new SandboxHandles(record.init().pid(), descriptor(Keeping.INIT), descriptor(Keeping.PROXY),
                descriptor(Keeping.DIAG), CaptureAgain.in(descriptor(Keeping.INIT), means.capturing()), Optional.of(Keeping.resume(files, record, holder)));
        LinuxSandbox sandbox = new LinuxSandbox(request, plan, means.filter(), evidence, handles, main, means.ground(), means.captures(), onGone);
        Abandoned.end(record);
        main.start();
        return new AdoptOutcome.Adopted(sandbox, verified, secret);
    }

    private void verifyInit(int uid) throws IOException {
        int pid = record.init().pid();
        require(record.init().runs(), "its PID 1 is gone");
        require(ProcFiles.isInitWith(pid, uid, Orphans.marker(request.sandboxId())), "its PID 1 is another process");
        Map<String, String> namespaces = RunRecord.namespacesOf(pid);
        for (var each : record.namespaces().entrySet()) {
            String own = ProcFiles.namespace((int) ProcessHandle.current().pid(), each.getKey()).orElse("");
            require(each.getValue().equals(namespaces.get(each.getKey())), "its " + each.getKey() + " namespace is another one");
            require(!each.getValue().equals(own), "its " + each.getKey() + " namespace is the agent's");
            verified.put("ns." + each.getKey(), each.getValue());
        }
        require(record.namespaces().keySet().containsAll(RunRecord.KINDS), "not all its namespaces were written down");
        verified.put("init.pid", Integer.toString(pid));
        verified.put("init.start", record.init().start());
    }

    /** Whether the main process still runs; one that has ended leaves only its status to be collected. */
    private boolean verifyMain(IsolationPlan plan) throws IOException {
        int pid = record.main().pid();
        int handle = descriptor(Keeping.MAIN);
        verified.put("main.pid", Integer.toString(pid));
        verified.put("main.start", record.main().start());
        boolean runs = Fd.poll(new int[] {handle}, new int[] {Fd.POLLIN}, 0)[0] == 0;
        if (runs) {
            requireHandle(Keeping.MAIN, pid);
            require(record.main().runs(), "its main process is another one");
            require(ProcFiles.namespace(pid, "pid").filter(record.namespaces().get("pid")::equals).isPresent(),
                    "its main process is in another PID namespace");
            Evidence evidence = Evidence.ofSession(pid, record.init().pid(), plan);
            require(evidence.mismatches().isEmpty(), "its main process is not confined as it was: " + evidence.mismatches());
            // An agent of a newer release may plan otherwise than the one that built this view, which nobody inside can change.
            List<String> otherwise = Evidence.of(pid, record.init().pid(), plan).mismatches();
            if (!otherwise.isEmpty()) {
                verified.put("built.otherwise", String.join("; ", otherwise));
            }
        }
        verified.put("main", runs ? "running" : "ended");
        return runs;
    }

    /** A process handle tells in its info which process it is for. */
    private void requireHandle(String name, int pid) throws IOException {
        String info = Files.readString(Path.of("/proc/self/fdinfo", Integer.toString(descriptor(name))));
        Optional<String> line = info.lines().filter(l -> l.startsWith("Pid:")).findFirst();
        require(line.isPresent() && line.get().substring(4).trim().equals(Integer.toString(pid)),
                "the handle kept for " + name + " is of another process");
    }

    private Secret secret() {
        return taken.containsKey(Keeping.SECRET) ? secretIn(taken.remove(Keeping.SECRET)) : Secret.NONE;
    }

    private static Secret secretIn(int fd) {
        try {
            return new Secret(Fd.contents(fd, MOST_SECRET));
        } finally {
            Fd.close(fd);
        }
    }

    private int descriptor(String name) throws IOException {
        Integer fd = taken.get(name);
        if (fd == null) {
            throw new IOException("nothing was kept as " + name);
        }
        return fd;
    }

    private static void require(boolean condition, String otherwise) throws IOException {
        if (!condition) {
            throw new IOException(otherwise);
        }
    }
}
