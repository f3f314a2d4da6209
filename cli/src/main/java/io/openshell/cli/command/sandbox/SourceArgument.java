package io.openshell.cli.command.sandbox;

import com.google.protobuf.MessageLite;
import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.client.RpcCode;
import io.openshell.cli.client.RpcException;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.cli.output.Steps;
import io.openshell.wire.control.v1.BringTreeRequest;
import io.openshell.wire.control.v1.BuildImageRequest;
import io.openshell.wire.control.v1.SourceProgress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;

/** What {@code --from} means: a Dockerfile or its folder is built, a file tree is brought to the node, all else is an image. */
final class SourceArgument {
    private static final Duration BUILD_LIMIT = Duration.ofMinutes(16);
    private static final Duration COPY_LIMIT = Duration.ofMinutes(5);
    private final CliContext context;
    private final Session session;

    SourceArgument(CliContext context, Session session) {
        this.context = context;
        this.session = session;
    }

    /**
     * The source as requests name it.
     *
     * @throws CliException when it is a path with nothing usable there, or nothing came of it
     */
    String image(String from) {
        Path path = Path.of(from.startsWith("~/") ? context.environment().get("HOME").orElse("") + from.substring(1) : from)
                .toAbsolutePath().normalize();
        boolean named = named(path);
        if (Files.isRegularFile(path) && named) {
            return build(path.getParent(), path);
        }
        if (Files.isDirectory(path) && Files.isRegularFile(path.resolve("Dockerfile"))) {
            return build(path, path.resolve("Dockerfile"));
        }
        if (Files.isDirectory(path) || (Files.isRegularFile(path) && path.toString().matches(".*\\.(tar|tgz|tar\\.[a-z0-9]+)"))) {
            return bring(path);
        }
        if (pathLike(from) || (named && !from.contains("/") && !from.contains(":"))) {
            throw new CliException("--from " + from + ": " + (Files.exists(path)
                    ? "this is no Dockerfile, folder or tar archive." : "there is no such file or folder."), ExitCodes.USAGE);
        }
        return from;
    }

    private String build(Path folder, Path dockerfile) {
        String tag = "openshell/sandbox-from:" + System.currentTimeMillis() / 1000;
        return run("Building " + folder, Rpc.BUILD_IMAGE, BuildImageRequest.newBuilder()
                .setContext(folder.toString()).setDockerfile(dockerfile.toString()).setTag(tag).build(), BUILD_LIMIT);
    }

    private String bring(Path path) {
        return run("Copying " + path, Rpc.BRING_TREE, BringTreeRequest.newBuilder().setPath(path.toString()).build(), COPY_LIMIT);
    }

    private <Q extends MessageLite> String run(String what, Rpc<Q, SourceProgress> rpc, Q request, Duration limit) {
        AtomicReference<String> source = new AtomicReference<>("");
        try (Steps steps = context.steps()) {
            steps.begin(what);
            session.client().stream(rpc, request, step -> {
                switch (step.getStepCase()) {
                    case LINE -> session.printer().note("  " + step.getLine());
                    case SOURCE -> source.set(step.getSource());
                    case STEP_NOT_SET -> { }
                }
                return true;
            }, limit);
            if (source.get().isEmpty()) {
                throw new CliException(what + " ended without a result.");
            }
            steps.done();
            return source.get();
        } catch (RpcException e) {
            if (e.code() == RpcCode.FAILED_PRECONDITION) {
                throw new CliException(what + " failed: " + e.getMessage());
            }
            throw e;
        }
    }

    private static boolean named(Path path) {
        Path name = path.getFileName();
        return name != null && name.toString().toLowerCase(Locale.ROOT).contains("dockerfile");
    }

    private static boolean pathLike(String from) {
        return from.startsWith("/") || from.startsWith("~/") || from.equals(".") || from.equals("..")
                || from.startsWith("./") || from.startsWith("../");
    }
}
