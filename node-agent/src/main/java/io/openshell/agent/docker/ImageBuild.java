package io.openshell.agent.docker;

import com.github.dockerjava.api.command.BuildImageResultCallback;
import com.github.dockerjava.api.model.BuildResponseItem;
import io.openshell.agent.docker.EngineException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Builds images on an engine. Thread safe. */
public final class ImageBuild {
    private static final Duration LIMIT = Duration.ofMinutes(15);
    private final Engine engine;

    /** Builds on this engine, which stays the caller's. */
    public ImageBuild(Engine engine) {
        this.engine = engine;
    }

    /**
     * Builds from a folder with a Dockerfile in it. Blocks for up to fifteen minutes.
     *
     * @param onLine takes what the engine says, line by line, on a thread of the engine's client
     * @throws EngineException when the engine is away, or the build fails; the message is the engine's
     */
    public void build(Path context, Path dockerfile, String tag, Consumer<String> onLine) throws EngineException {
        if (!Files.isRegularFile(dockerfile) || !dockerfile.startsWith(context)) {
            throw new EngineException(Kind.UNKNOWN, "there is no Dockerfile " + dockerfile + " in " + context);
        }
        engine.version();
        AtomicReference<String> error = new AtomicReference<>("");
        engine.call("build " + context, () -> {
            var building = engine.streaming().buildImageCmd()
                    .withBaseDirectory(context.toFile())
                    .withDockerfile(dockerfile.toFile())
                    .withTags(Set.of(tag))
                    .withForcerm(true)
                    .exec(new BuildImageResultCallback() {
                        @Override
                        public void onNext(BuildResponseItem item) {
                            tell(item, onLine, error);
                            super.onNext(item);
                        }
                    });
            return Engine.finished(building, LIMIT, "building " + context);
        });
        if (!error.get().isEmpty()) {
            throw new EngineException(Kind.REFUSED, error.get());
        }
    }

    private static void tell(BuildResponseItem item, Consumer<String> onLine, AtomicReference<String> error) {
        String said = item.getStream() == null ? item.getStatus() : item.getStream();
        if (said != null) {
            said.lines().filter(line -> !line.isBlank()).forEach(onLine);
        }
        if (item.isErrorIndicated() && item.getErrorDetail() != null) {
            error.set(String.valueOf(item.getErrorDetail().getMessage()));
        }
    }
}
