package io.openshell.agent.execute;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import io.openshell.agent.identity.CallerLookup;
import io.openshell.agent.identity.CallerResult;
import io.openshell.agent.runtime.AdoptOutcome;
import io.openshell.agent.runtime.ExecRequest;
import io.openshell.agent.runtime.KeptRun;
import io.openshell.agent.runtime.LaunchException;
import io.openshell.agent.runtime.LaunchOutcome;
import io.openshell.agent.runtime.LaunchRequest;
import io.openshell.agent.runtime.OutputListener;
import io.openshell.agent.runtime.ProcessSession;
import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.agent.runtime.SandboxRuntime;
import io.openshell.agent.runtime.Subscription;
import io.openshell.model.isolation.LayerKind;
import io.openshell.model.isolation.LayerReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/** A runtime without a kernel: it notes what it is asked, and each call does what the test says. */
final class ScriptedRuntime implements SandboxRuntime {

    final List<String> calls = new CopyOnWriteArrayList<>();
    final Map<String, ScriptedSandbox> running = new ConcurrentHashMap<>();
    final AtomicInteger mostAtOnce = new AtomicInteger();
    volatile Function<LaunchRequest, LaunchOutcome> launching = this::up;
    volatile Function<LaunchRequest, AdoptOutcome> adopting = this::over;
    private final Map<String, LaunchRequest> kept = new ConcurrentHashMap<>();
    volatile Consumer<String> onCall = call -> {};
    private final Map<String, AtomicInteger> inside = new ConcurrentHashMap<>();

    private void call(String name, String id) {
        AtomicInteger now = inside.computeIfAbsent(id, k -> new AtomicInteger());
        mostAtOnce.accumulateAndGet(now.incrementAndGet(), Math::max);
        try {
            calls.add(name + " " + id);
            onCall.accept(name + " " + id);
        } finally {
            now.decrementAndGet();
        }
    }

    LaunchOutcome up(LaunchRequest request) {
        ScriptedSandbox sandbox = new ScriptedSandbox(request.sandboxId(), request.instanceId());
        running.put(request.sandboxId(), sandbox);
        return new LaunchOutcome.Running(sandbox);
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public List<LayerReport> preflight() {
        return List.of();
    }

    @Override
    public LaunchOutcome launch(LaunchRequest request) {
        call("launch", request.sandboxId());
        kept.put(request.sandboxId(), request);
        return launching.apply(request);
    }

    @Override
    public Optional<KeptRun> kept(String sandboxId) {
        return Optional.ofNullable(kept.get(sandboxId)).map(r ->
                new KeptRun(r.keepsake().epoch(), r.instanceId(), r.keepsake().revision()));
    }

    @Override
    public AdoptOutcome adopt(LaunchRequest request) {
        call("adopt", request.sandboxId());
        return adopting.apply(request);
    }

    private AdoptOutcome over(LaunchRequest request) {
        return new AdoptOutcome.Adopted(((LaunchOutcome.Running) up(request)).sandbox(), Map.of("main.pid", "7"),
                kept.get(request.sandboxId()).keepsake().secret());
    }

    @Override
    public void removeLeftovers(String sandboxId) {
        call("removeLeftovers", sandboxId);
    }

    @Override
    public void purge(String sandboxId) {
        call("purge", sandboxId);
    }

    /** A started sandbox whose main process ends when the test says so. */
    final class ScriptedSandbox implements RunningSandbox {

        final CompletableFuture<Integer> exit = new CompletableFuture<>();
        volatile Optional<String> held = Optional.empty();
        private final String id;
        private final String instance;

        private ScriptedSandbox(String id, String instance) {
            this.id = id;
            this.instance = instance;
        }

        @Override
        public String sandboxId() {
            return id;
        }

        @Override
        public String instanceId() {
            return instance;
        }

        @Override
        public List<LayerReport> layers() {
            return List.of(new LayerReport.Enforced(LayerKind.SECCOMP, "filter installed"));
        }

        @Override
        public Map<String, String> evidence() {
            return Map.of("Seccomp", "2");
        }

        @Override
        public int proxyListenerFd() {
            if (!Epoll.isAvailable()) {
                throw new IllegalStateException("no native sockets on this machine");
            }
            try {
                Socket socket = Socket.newSocketStream();
                socket.bind(new InetSocketAddress("127.0.0.1", 0));
                socket.listen(16);
                return socket.intValue();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public ProcessSession main() {
            return new Main(exit);
        }

        @Override
        public ProcessSession exec(ExecRequest request) throws LaunchException {
            throw new LaunchException("exec", "not part of this sandbox");
        }

        @Override
        public CallerLookup callers() {
            return (workload, proxy) -> new CallerResult.Unknown("nobody");
        }

        @Override
        public Optional<String> paused() {
            return held;
        }

        @Override
        public void release() {
            call("release", id);
        }

        @Override
        public void stop() {
            call("stop", id);
            exit.complete(137);
        }
    }

    private record Main(CompletableFuture<Integer> ended) implements ProcessSession {
        @Override
        public void writeInput(byte[] bytes, int offset, int length) {
            throw new IllegalStateException("not read");
        }

        @Override
        public void closeInput() {
            throw new IllegalStateException("not read");
        }

        @Override
        public Subscription attach(OutputListener listener) {
            listener.onEnd();
            return () -> {};
        }

        @Override
        public void resize(int cols, int rows) {
            throw new IllegalStateException("no terminal");
        }

        @Override
        public void signal(int signo) {
            ended.complete(128 + signo);
        }

        @Override
        public CompletionStage<Integer> exit() {
            return ended.copy();
        }

        @Override
        public boolean tty() {
            return false;
        }
    }
}
