package io.openshell.agent.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallbackTemplate;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.command.PullImageResultCallback;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.openshell.agent.docker.EngineException.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A container engine that may come and go. Every call has a deadline and ends in an answer or an
 * {@link EngineException}. Thread safe.
 */
public final class Engine implements Closeable {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final Duration PULL = Duration.ofMinutes(4);
    private final URI address;
    private final DockerClient client;
    private final DockerClient streaming;

    /** Talks to the engine at this address, for example {@code unix:///var/run/docker.sock}; nothing is called yet. */
    public Engine(URI address) {
        this.address = address;
        this.client = client(address, Optional.of(ANSWER));
        this.streaming = client(address, Optional.empty());
    }

    private static DockerClient client(URI address, Optional<Duration> answer) {
        var config = DefaultDockerClientConfig.createDefaultConfigBuilder().withDockerHost(address.toString()).build();
        var http = new ZerodepDockerHttpClient.Builder().dockerHost(address).connectionTimeout(CONNECT);
        answer.ifPresent(http::responseTimeout);
        return DockerClientImpl.getInstance(config, http.build());
    }

    /** Where it is. */
    public URI address() {
        return address;
    }

    /** Its version; fails within the connection's limit when nothing answers. */
    public String version() throws EngineException {
        if (address.getScheme().equals("unix") && !Files.exists(Path.of(address.getPath()))) {
            throw new EngineException(Kind.UNAVAILABLE, "no container engine listens at " + address);
        }
        return call("version", () -> client.versionCmd().exec().getVersion());
    }

    /** What it knows of an image. */
    public InspectImageResponse image(String reference) throws EngineException {
        return call("image " + reference, () -> client.inspectImageCmd(reference).exec());
    }

    /** Fetches an image from its registry. */
    void pull(String reference) throws EngineException {
        call("pull " + reference, () -> {
            // A reference without a tag would fetch every tag there is.
            boolean tagged = reference.lastIndexOf(':') > reference.lastIndexOf('/') || reference.contains("@");
            var pulling = streaming.pullImageCmd(tagged ? reference : reference + ":latest")
                    .exec(new PullImageResultCallback());
            return finished(pulling, PULL, "pulling " + reference);
        });
    }

    /** A container that was created from this description; its id. */
    String create(ContainerSpec spec) throws EngineException {
        return call("create container", () -> spec.applyTo(client.createContainerCmd(spec.image())).exec().getId());
    }

    /** A container to look into, with nothing of the host in it. */
    String createUnstarted(String image, Map<String, String> labels) throws EngineException {
        return call("create container", () -> client.createContainerCmd(image).withLabels(labels).withCmd("-").withNetworkDisabled(true)
                .exec().getId());
    }

    /** A file of a container as a tar stream; empty when it has none. */
    Optional<InputStream> file(String container, String path) throws EngineException {
        try {
            return Optional.of(call("read " + path, () -> client.copyArchiveFromContainerCmd(container, path).exec()));
        } catch (EngineException e) {
            if (e.kind() == Kind.UNKNOWN) {
                return Optional.empty();
            }
            throw e;
        }
    }

    void start(String container) throws EngineException {
        call("start container", () -> client.startContainerCmd(container).exec());
    }

    InspectContainerResponse.ContainerState state(String container) throws EngineException {
        return call("inspect container", () -> client.inspectContainerCmd(container).exec().getState());
    }

    /** Ends and removes a container; one that is gone already, or that somebody else is just removing, is as good. */
    void remove(String container) throws EngineException {
        try {
            call("remove container", () -> client.removeContainerCmd(container).withForce(true).withRemoveVolumes(true).exec());
        } catch (EngineException e) {
            if (e.kind() != Kind.UNKNOWN && !String.valueOf(e.getMessage()).endsWith("is already in progress")) {
                throw e;
            }
        }
    }

    /** Containers with these labels, also ended ones. */
    List<String> containers(Map<String, String> labels) throws EngineException {
        return call("list containers", () -> client.listContainersCmd().withShowAll(true).withLabelFilter(labels).exec().stream()
                .map(Container::getId).toList());
    }

    /** The client for calls that answer for as long as they like. */
    DockerClient streaming() {
        return streaming;
    }

    static boolean finished(ResultCallbackTemplate<?, ?> callback, Duration limit, String what) {
        try {
            if (!callback.awaitCompletion(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                callback.close();
                throw new UncheckedIOException(new IOException(what + " took longer than " + limit.toSeconds() + " s"));
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(what + " was interrupted"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A call to the engine. */
    interface Call<T> {
        T make() throws Exception;
    }

    /** Makes a call and sorts its failures. */
    <T> T call(String what, Call<T> call) throws EngineException {
        try {
            return call.make();
        } catch (NotFoundException e) {
            throw new EngineException(Kind.UNKNOWN, what + ": " + said(e));
        } catch (DockerException e) {
            throw new EngineException(Kind.REFUSED, what + ": " + said(e));
        } catch (Exception e) {
            throw new EngineException(e.getCause() == null && e instanceof com.github.dockerjava.api.exception.DockerClientException
                    ? Kind.REFUSED : Kind.UNAVAILABLE, what + ": the engine at " + address + " does not answer: " + root(e));
        }
    }

    /** The engine's own sentence, without the JSON around it. */
    private static String said(DockerException e) {
        String text = String.valueOf(e.getMessage());
        int at = text.indexOf("\"message\":\"");
        return at < 0 ? text : text.substring(at + 11).replaceAll("\"}\\s*$", "").replace("\\n", " ");
    }

    private static String root(Throwable failure) {
        AtomicReference<Throwable> at = new AtomicReference<>(failure);
        for (int i = 0; i < 8; i++) {
            Throwable cause = at.get().getCause();
            if (cause == null) {
                break;
            }
            at.set(cause);
        }
        return String.valueOf(at.get().getMessage());
    }

    @Override
    public void close() {
        for (DockerClient each : List.of(client, streaming)) {
            try {
                each.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
