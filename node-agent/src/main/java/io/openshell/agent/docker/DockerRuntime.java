package io.openshell.agent.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.model.ContainerConfig;
import io.openshell.agent.docker.EngineException.Kind;
import io.openshell.agent.launcher.ContainerEntry;
import io.openshell.agent.launcher.ContainerEntry.Home;
import io.openshell.agent.launcher.ContainerEntry.Inhabited;
import io.openshell.agent.launcher.ContainerEntry.Owner;
import io.openshell.agent.runtime.AdoptOutcome;
import io.openshell.agent.runtime.KeptRun;
import io.openshell.agent.runtime.LaunchOutcome;
import io.openshell.agent.runtime.LaunchRequest;
import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.agent.runtime.SandboxRuntime;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.sandbox.SandboxSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Sandboxes in containers of a Docker engine. The engine only makes the container; processes get in by
 * {@link ContainerEntry}, with the seal every sandbox has. The engine may be away at any time: what needs it then fails
 * with a reason, what runs goes on.
 */
public final class DockerRuntime implements SandboxRuntime, AutoCloseable {
    private static final String FAMILY_LABEL = "io.openshell.agent";
    private static final String SANDBOX_LABEL = "io.openshell.sandbox";
    private static final String RECORD = "container";
    private static final Duration TELLING = Duration.ofMillis(500);
    private final Engine engine;
    private final ContainerEntry entry;
    private final String family;
    private final Removals removals;
    private final ImageAccounts accounts;
    private final ContainerEvents events;
    private volatile Consumer<String> onOffersChanged = reason -> {};
    private volatile Consumer<String> onPauses = id -> {};
    private final Map<String, RunningSandbox> live = new ConcurrentHashMap<>();

    /**
     * Sandboxes of this engine; the engine is the runtime's to close.
     *
     * @param state directory for what has to outlive the process; its path also tells this agent's containers from others'
     */
    public DockerRuntime(Engine engine, ContainerEntry entry, Path state) {
        this.engine = engine;
        this.entry = entry;
        this.family = "agent-" + Integer.toHexString(state.toAbsolutePath().normalize().toString().hashCode());
        this.accounts = new ImageAccounts(engine);
        this.removals = new Removals(engine, state.resolve("container-removals"));
        this.events = new ContainerEvents(engine, Map.of(FAMILY_LABEL, family), new ContainerEvents.Told() {
            @Override
            public void engine(boolean there, String reason) {
                if (there) {
                    removals.catchUp();
                }
                onOffersChanged.accept(reason);
            }

            @Override
            public void paused(Map<String, String> facts) {
                Optional.ofNullable(facts.get(SANDBOX_LABEL)).ifPresent(onPauses);
            }
        });
    }

    @Override
    public void onOffersChanged(Consumer<String> reasons) {
        onOffersChanged = reasons;
    }

    @Override
    public void onPauses(Consumer<String> sandboxIds) {
        onPauses = sandboxIds;
    }

    @Override
    public String name() {
        return "docker";
    }

    @Override
    public List<String> offers() {
        try {
            return List.of("docker " + engine.version());
        } catch (EngineException e) {
            return List.of();
        }
    }

    /** The seal is the host's; {@link ContainerEntry#obstacle} looks at it again for every launch. */
    @Override
    public List<LayerReport> preflight() {
        return List.of();
    }

    @Override
    public LaunchOutcome launch(LaunchRequest request) {
        if (!(request.basis().source() instanceof SandboxSource.Image image)) {
            return new LaunchOutcome.Failed(LaunchOutcome.Failed.SOURCE, "a container needs an image");
        }
        Optional<LaunchOutcome> obstacle = entry.obstacle(request);
        if (obstacle.isPresent()) {
            return obstacle.get();
        }
        try {
            engine.version();
            removeLeftovers(request.sandboxId());
            // An agent that was killed at the wrong moment made one that it had not written down.
            for (String unknown : engine.containers(labels(request.sandboxId()))) {
                engine.remove(unknown);
            }
            return launch(request, known(image.reference()));
        } catch (EngineException e) {
            return abandoned(request, failed(e));
        } catch (IOException | RuntimeException e) {
            return abandoned(request, new LaunchOutcome.Failed("prepare", String.valueOf(e.getMessage())));
        }
    }

    private LaunchOutcome abandoned(LaunchRequest request, LaunchOutcome outcome) {
        entry.abandon(request.sandboxId());
        return outcome;
    }

    private static LaunchOutcome failed(EngineException e) {
        String stage = switch (e.kind()) {
            case UNAVAILABLE -> LaunchOutcome.Failed.ENGINE;
            case UNKNOWN -> LaunchOutcome.Failed.SOURCE;
            case REFUSED -> "container";
        };
        return new LaunchOutcome.Failed(stage, String.valueOf(e.getMessage()));
    }

    /** The image as the engine has it, fetched when it has it not. */
    private InspectImageResponse known(String reference) throws EngineException {
        try {
            return engine.image(reference);
        } catch (EngineException e) {
            if (e.kind() != Kind.UNKNOWN) {
                throw e;
            }
        }
        try {
            engine.pull(reference);
        } catch (EngineException e) {
            throw new EngineException(Kind.UNKNOWN, "the engine has no image " + reference + " and could not fetch it: " + e.getMessage());
        }
        return engine.image(reference);
    }

    private LaunchOutcome launch(LaunchRequest request, InspectImageResponse image) throws EngineException, IOException {
        Home home = entry.home(request);
        ContainerInit init = ContainerInit.ofMachine();
        ContainerSpec spec = new ContainerSpec(Objects.requireNonNull(image.getId()), name(request),
                withName(labels(request.sandboxId()), request.hostname()), home, init.command(), init.file());
        ContainerRecord container = new ContainerRecord(engine.create(spec), variables(image));
        LaunchOutcome outcome;
        try {
            container.write(record(request.sandboxId()));
            accounts(spec, home);
            engine.start(container.id());
            outcome = enter(with(container, request), home, container.id());
        } catch (EngineException e) {
            outcome = failed(e);
        } catch (IOException | RuntimeException e) {
            outcome = new LaunchOutcome.Failed("container", String.valueOf(e.getMessage()));
        }
        if (outcome instanceof LaunchOutcome.Running running) {
            live.put(request.sandboxId(), running.sandbox());
            return outcome;
        }
        forget(request.sandboxId(), container.id());
        return abandoned(request, outcome);
    }

    private static String name(LaunchRequest request) {
        return "openshell-" + request.sandboxId() + "-" + request.instanceId();
    }

    private Map<String, String> labels(String sandboxId) {
        return Map.of(FAMILY_LABEL, family, SANDBOX_LABEL, sandboxId);
    }

    private static Map<String, String> withName(Map<String, String> labels, String name) {
        Map<String, String> all = new HashMap<>(labels);
        all.put("io.openshell.name", name);
        return all;
    }

    private LaunchOutcome enter(LaunchRequest request, Home home, String container) throws EngineException {
        int pid = pid(container);
        return entry.enter(request, home, new Inhabited(pid, () -> stillHas(container, pid), owner(request, container)));
    }

    private Owner owner(LaunchRequest request, String container) {
        String sandboxId = request.sandboxId(); // the request itself is large and would be kept for the sandbox's life
        return new Owner(() -> whyEnded(container), "`docker unpause " + name(request) + "`", kept -> {
            live.remove(sandboxId);
            if (!kept) {
                forget(sandboxId, container);
            }
        });
    }

    /** By what the engine told, else by what it knows now. */
    private String whyEnded(String container) {
        Optional<String> told = events.whyEnded(container, TELLING);
        if (told.isPresent()) {
            return told.get();
        }
        try {
            InspectContainerResponse.ContainerState state = engine.state(container);
            return Boolean.TRUE.equals(state.getOOMKilled()) ? "its container ran out of memory"
                    : "its container ended with status " + state.getExitCodeLong();
        } catch (EngineException e) {
            return switch (e.kind()) {
                case UNKNOWN -> "its container was removed by somebody outside";
                case UNAVAILABLE, REFUSED -> "its container has ended, and the container engine does not tell why";
            };
        }
    }

    private int pid(String container) throws EngineException {
        InspectContainerResponse.ContainerState state = engine.state(container);
        Long pid = state.getPidLong();
        if (pid == null || pid <= 0) {
            throw new EngineException(Kind.REFUSED, "its first process has ended at once with status " + state.getExitCodeLong()
                    + "; the image needs a shell at /bin/sh");
        }
        return pid.intValue();
    }

    private boolean stillHas(String container, int pid) {
        try {
            return pid(container) == pid;
        } catch (EngineException e) {
            return false;
        }
    }

    /** The image's users keep their names, and the sandbox's gets one. */
    private void accounts(ContainerSpec spec, Home home) throws EngineException, IOException {
        ImageAccounts.Accounts images = accounts.of(spec.image(), Map.of(FAMILY_LABEL, family));
        merge(home.etc().resolve("passwd"), images.passwd());
        merge(home.etc().resolve("group"), images.group());
    }

    private static void merge(Path own, String images) throws IOException {
        Files.writeString(own, AccountFile.merged(Files.readString(own), images));
    }

    private static Map<String, String> variables(InspectImageResponse image) {
        ContainerConfig config = image.getConfig();
        return config == null || config.getEnv() == null ? Map.of() : ContainerRecord.variables(config.getEnv());
    }

    /** Variables of the image hold where the user gave none. */
    private static LaunchRequest with(ContainerRecord container, LaunchRequest r) {
        Map<String, String> environment = new HashMap<>(container.variables());
        environment.putAll(r.environment());
        return new LaunchRequest(r.sandboxId(), r.instanceId(), r.hostname(), r.policy(), r.command(), environment, r.tty(),
                r.trust(), r.basis(), r.keepsake());
    }

    @Override
    public Optional<KeptRun> kept(String sandboxId) {
        return entry.kept(sandboxId);
    }

    @Override
    public AdoptOutcome adopt(LaunchRequest request) {
        String sandboxId = request.sandboxId();
        if (live.containsKey(sandboxId)) {
            return new AdoptOutcome.NotAdopted("it is this agent's already");
        }
        try {
            Optional<ContainerRecord> container = ContainerRecord.read(record(sandboxId));
            if (container.isEmpty()) {
                return new AdoptOutcome.NotAdopted("no container of it is written down");
            }
            String id = container.get().id();
            AdoptOutcome outcome = entry.adopt(with(container.get(), request), id, owner(request, id));
            if (outcome instanceof AdoptOutcome.Adopted adopted) {
                live.put(sandboxId, adopted.sandbox());
            }
            return outcome;
        } catch (IOException e) {
            return new AdoptOutcome.NotAdopted(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void removeLeftovers(String sandboxId) {
        RunningSandbox running = live.get(sandboxId);
        if (running != null) {
            running.stop();
            return;
        }
        try {
            Optional<ContainerRecord> container = ContainerRecord.read(record(sandboxId));
            if (container.isPresent()) {
                // Needs no engine, so that nothing of the sandbox runs on while the engine is away.
                entry.end(sandboxId);
                forget(sandboxId, container.get().id());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void forget(String sandboxId, String container) {
        if (!container.isEmpty()) {
            removals.remove(container);
        }
        try {
            Files.deleteIfExists(record(sandboxId));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path record(String sandboxId) {
        return entry.directory(sandboxId).resolve(RECORD);
    }

    /** What the container leaves; the files are the other runtime's, which knows all sandboxes' directories. */
    @Override
    public void purge(String sandboxId) {
        removeLeftovers(sandboxId);
    }

    @Override
    public void close() {
        events.close();
        engine.close();
    }
}
