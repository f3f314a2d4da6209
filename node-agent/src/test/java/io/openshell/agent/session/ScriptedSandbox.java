package io.openshell.agent.session;

import io.openshell.agent.identity.CallerLookup;
import io.openshell.agent.runtime.ExecRequest;
import io.openshell.agent.runtime.LaunchException;
import io.openshell.agent.runtime.ProcessSession;
import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.model.isolation.LayerReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A sandbox whose processes are plain ones of this machine. */
final class ScriptedSandbox implements RunningSandbox, AutoCloseable {

    final BlockingQueue<ScriptedProcess> started = new LinkedBlockingQueue<>();
    final BlockingQueue<ExecRequest> asked = new LinkedBlockingQueue<>();
    private Optional<ProcessSession> main = Optional.empty();

    ScriptedProcess startMain(String... command) throws IOException {
        ScriptedProcess process = new ScriptedProcess(new ProcessBuilder(command));
        started.add(process);
        main = Optional.of(process);
        return process;
    }

    void main(ProcessSession session) {
        main = Optional.of(session);
    }

    @Override
    public ProcessSession exec(ExecRequest request) throws LaunchException {
        asked.add(request);
        ProcessBuilder builder = new ProcessBuilder(request.command());
        builder.environment().putAll(request.environment());
        if (!request.workdir().isEmpty()) {
            builder.directory(Path.of(request.workdir()).toFile());
        }
        try {
            ScriptedProcess process = new ScriptedProcess(builder);
            started.add(process);
            return process;
        } catch (IOException e) {
            throw request.workdir().isEmpty() || Path.of(request.workdir()).toFile().isDirectory()
                    ? LaunchException.notFound(request.command().getFirst())
                    : new LaunchException("exec", "no such directory");
        }
    }

    @Override
    public String sandboxId() {
        return "sb-1";
    }

    @Override
    public String instanceId() {
        return "run-1";
    }

    @Override
    public List<LayerReport> layers() {
        return List.of();
    }

    @Override
    public Map<String, String> evidence() {
        return Map.of();
    }

    @Override
    public int proxyListenerFd() {
        throw new IllegalStateException("not part of this sandbox");
    }

    @Override
    public ProcessSession main() {
        return main.orElseThrow();
    }

    @Override
    public CallerLookup callers() {
        throw new IllegalStateException("not part of this sandbox");
    }

    @Override
    public void stop() {
        started.forEach(each -> each.signal(9));
    }

    @Override
    public void close() {
        stop();
    }
}
