package io.openshell.gateway.process;

import io.openshell.agent.docker.Engine;
import io.openshell.agent.docker.EngineException;
import io.openshell.agent.docker.ImageBuild;
import io.openshell.agent.launcher.LinuxSettings;
import io.openshell.agent.rootfs.TreeStore;
import io.openshell.gateway.source.Sources;
import io.openshell.model.sandbox.SandboxSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Builds on this host's container engine and copies into this host's store of trees. */
final class NodeSources implements Sources, AutoCloseable {

    private final Optional<Engine> engine;
    private final TreeStore trees;

    NodeSources(Path sandboxes, Optional<URI> engine) {
        this.engine = engine.map(Engine::new);
        this.trees = new TreeStore(LinuxSettings.at(sandboxes).trees());
    }

    @Override
    public String build(Path context, Path dockerfile, String tag, Consumer<String> onLine) throws NotBrought {
        Engine on = engine.orElseThrow(() -> new NotBrought("this node runs no container images; its operator has turned them off"));
        try {
            new ImageBuild(on).build(context, dockerfile, tag, onLine);
            return tag;
        } catch (EngineException e) {
            throw new NotBrought(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public String bring(Path tree) throws NotBrought {
        try {
            return new SandboxSource.Rootfs(trees.bring(tree)).text();
        } catch (IOException e) {
            throw new NotBrought(tree + ": " + e.getMessage());
        }
    }

    @Override
    public void close() {
        engine.ifPresent(Engine::close);
    }
}
