package io.openshell.agent.launcher;

import io.openshell.agent.linux.Fd;
import io.openshell.agent.linux.Processes;
import io.openshell.agent.runtime.LaunchRequest;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What makes one start of a sandbox outlive its agent: its record on disk and its holder. Thread safe. */
final class Keeping {
    static final String INPUT = "in";
    static final String OUTPUT = "out";
    static final String ERRORS = "err";
    static final String MAIN = "main";
    static final String INIT = "init";
    static final String PROXY = "proxy";
    static final String DIAG = "diag";
    static final String SECRET = "secret";
    private static final Logger LOG = LoggerFactory.getLogger(Keeping.class);
    private final SandboxFiles files;
    private RunRecord record;
    private Holder holder;
    private boolean ended;

    private Keeping(SandboxFiles files, RunRecord record, Holder holder) {
        this.files = files;
        this.record = record;
        this.holder = holder;
    }

    /** What is on its way to be kept: the holder is being started meanwhile. */
    record Begun(SandboxFiles files, LaunchRequest request, int initPid, SealedThread thread, Holder.Beginning holder) {

        /** Writes the start down. */
        Keeping complete() throws IOException {
            Holder started = holder.await();
            try {
                RunRecord.Start start = new RunRecord.Start(
                        request.keepsake().epoch(), request.instanceId(), request.keepsake().revision(), request.tty());
                ProcessMark init = ProcessMark.of(initPid);
                int uid = files.recordedUid().orElseThrow(() -> new IOException("no user id"));
                RunRecord record = new RunRecord(ProcFiles.bootId(), start, uid, init, ProcessMark.of(thread.pid), started.mark(),
                        RunRecord.namespacesOf(initPid), started.held());
                files.record(record);
                return new Keeping(files, record, started);
            } catch (IOException | RuntimeException e) {
                started.end();
                throw e;
            }
        }

        /** The start failed. */
        void abandon() {
            try {
                holder.await().end();
            } catch (IOException notStarted) {
                LOG.debug("nothing was kept of a start that failed: sandbox={}", files.sandboxId(), notStarted);
            }
        }
    }

    /** Begins to keep what a start has, in the namespaces of this first process. */
    static Begun begin(LaunchRequest request, SandboxFiles files, int initPid, SealedThread thread, LinuxSession main) throws IOException {
        int uid = files.recordedUid().orElseThrow(() -> new IOException("no user id"));
        int initHandle = Processes.handle(initPid);
        int secret = request.keepsake().secret().isEmpty() ? -1 : Fd.nameless(request.keepsake().secret().bytes());
        try {
            Map<String, Integer> kept = new LinkedHashMap<>(
                    Map.of(INIT, initHandle, MAIN, main.handle(), PROXY, thread.proxyFd, DIAG, thread.diagFd, SECRET, secret));
            int[] streams = main.streams();
            kept.put(INPUT, streams[0]);
            kept.put(OUTPUT, request.tty() ? -1 : streams[1]); // a terminal is one descriptor
            kept.put(ERRORS, streams[2]);
            kept.values().removeIf(fd -> fd < 0);
            return new Begun(files, request, initPid, thread, Holder.begin(files, files.holderUid(uid), kept));
        } finally {
            Fd.close(initHandle);
            Fd.close(secret);
        }
    }

    /** Goes on with what an earlier agent kept. */
    static Keeping resume(SandboxFiles files, RunRecord record, Holder holder) {
        return new Keeping(files, record, holder);
    }

    /** The program shall see the end of its input, which it cannot while anybody holds the other side. */
    synchronized void dropInput() {
        if (ended || !record.held().containsKey(INPUT)) {
            return;
        }
        Map<String, Integer> rest = new LinkedHashMap<>();
        try {
            for (String name : record.held().keySet()) {
                if (!name.equals(INPUT)) {
                    rest.put(name, holder.take(name));
                }
            }
            Holder next = Holder.begin(files, files.holderUid(record.uid()), rest).await();
            Holder before = holder;
            holder = next;
            record = record.with(next.mark(), next.held());
            before.end();
            files.record(record);
        } catch (IOException | RuntimeException e) {
            // Without a holder the sandbox cannot be taken over by a later agent, which will start it again instead.
            LOG.warn("a sandbox will not outlive this agent: sandbox={} reason={}", files.sandboxId(), e.toString());
            end();
        } finally {
            rest.values().forEach(Fd::close);
        }
    }

    /** Nothing is kept any more. */
    synchronized void end() {
        if (!ended) {
            ended = true;
            holder.end();
        }
    }

    /** Leaves everything to the next agent. */
    synchronized void leave() {
        ended = true;
    }
}
