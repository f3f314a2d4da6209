package io.openshell.agent.launcher;

import io.openshell.agent.isolation.users.Standing;
import io.openshell.agent.linux.Fd;
import io.openshell.agent.linux.Memory;
import io.openshell.agent.linux.Native;
import io.openshell.agent.linux.Sys;
import io.openshell.agent.runtime.LaunchRequest;
import io.openshell.agent.runtime.TrustFiles;
import io.openshell.agent.workspace.Workspace;
import io.openshell.agent.workspace.WorkspaceSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** The directory of one sandbox: workspace, its own /etc files, user id and the record of its start. */
final class SandboxFiles {
    private static final String RUN = "run";
    private static final String OUTPUT = "output";
    private static final String OUTPUT_BEFORE = "output.before";
    /** Policy DNS; a program that goes through the proxy needs no resolver. */
    private static final String RESOLVER = "nameserver 127.0.0.53\noptions timeout:3 attempts:1\n";
    private static final int SLOTS = 1_000_000;
    private final Standing standing = Standing.here();
    private final LinuxSettings settings;
    private final Path home;
    private final String sandboxId;
    private final Workspace workspace;

    SandboxFiles(LinuxSettings settings, String sandboxId) {
        if (!sandboxId.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,127}")) {
            throw new IllegalArgumentException("not a sandbox id");
        }
        this.settings = settings;
        this.sandboxId = sandboxId;
        this.home = settings.stateDirectory().resolve("sandboxes").resolve(sandboxId);
        this.workspace = new Workspace(home);
    }

    String sandboxId() {
        return sandboxId;
    }

    /** What its processes that are not its workload's carry in their environment. */
    String mark() {
        return Caretaker.mark(settings.stateDirectory());
    }

    Path workspace() {
        return workspace.folder();
    }

    /**
     * Has the workspace of a start be of the size that was asked for, if one was.
     *
     * @throws IOException when its files cannot be had
     */
    WorkspaceSize sized(LaunchRequest request) throws IOException {
        long bytes = request.basis().shares().diskBytes();
        return new WorkspaceSize(workspace, bytes, workspace.sized(bytes));
    }

    /**
     * The size that the workspace of a running sandbox has.
     *
     * @throws IOException when its files cannot be had
     */
    WorkspaceSize size(LaunchRequest request) throws IOException {
        workspace.resume();
        return WorkspaceSize.of(workspace, request.basis().shares().diskBytes());
    }

    Path etc() {
        return home.resolve("etc");
    }

    Path root() {
        return home.resolve("root");
    }

    /** Creates what is missing and returns the sandbox's user id. */
    int prepare(String hostname) throws IOException {
        Files.createDirectories(home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.createDirectories(etc());
        Files.createDirectories(root());
        int uid = uid();
        if (!Files.isDirectory(workspace())) {
            Files.createDirectory(workspace());
            own(workspace(), uid);
        }
        Files.writeString(etc().resolve("passwd"), "root:x:0:0:root:/:/bin/false\nsandbox:x:" + uid + ":" + uid + ":sandbox:/sandbox:/bin/sh\n");
        Files.writeString(etc().resolve("group"), "root:x:0:\nsandbox:x:" + uid + ":\n");
        Files.writeString(etc().resolve("hosts"), "127.0.0.1 localhost " + hostname + "\n::1 localhost\n");
        Files.writeString(etc().resolve("resolv.conf"), RESOLVER);
        Files.writeString(etc().resolve("hostname"), hostname + "\n");
        return uid;
    }

    /** Writes what programs inside are to believe. */
    void trust(TrustFiles trust) throws IOException {
        Path own = etc().resolve(Path.of(TrustFiles.DIRECTORY).getFileName().toString());
        Files.createDirectories(own);
        if (trust.isEmpty()) {
            return;
        }
        Files.writeString(own.resolve(TrustFiles.AUTHORITY_FILE), trust.authority(), StandardCharsets.ISO_8859_1);
        Files.writeString(own.resolve(TrustFiles.BUNDLE_FILE), trust.bundle(), StandardCharsets.ISO_8859_1);
        Files.write(own.resolve(TrustFiles.JAVA_FILE), trust.javaStore());
    }

    /** The certificates that {@link #trust} wrote. */
    TrustFiles trust() throws IOException {
        Path own = etc().resolve(Path.of(TrustFiles.DIRECTORY).getFileName().toString());
        return Files.exists(own.resolve(TrustFiles.AUTHORITY_FILE))
                ? new TrustFiles(Files.readString(own.resolve(TrustFiles.AUTHORITY_FILE), StandardCharsets.ISO_8859_1),
                        Files.readString(own.resolve(TrustFiles.BUNDLE_FILE), StandardCharsets.ISO_8859_1),
                        Files.readAllBytes(own.resolve(TrustFiles.JAVA_FILE)))
                : TrustFiles.NONE;
    }

    /** Writes a start down, wholly or not at all. */
    void record(RunRecord run) throws IOException {
        Path fresh = home.resolve(RUN + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, run.text());
        Files.move(fresh, home.resolve(RUN), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Where the main process's output is kept for the next agent. */
    OutputJournal output() throws IOException {
        return new OutputJournal(home.resolve(OUTPUT), home.resolve(OUTPUT_BEFORE), OutputRing.LIMIT_BYTES);
    }

    /** The start that was written down last and not ended since; what it tells may be long gone. */
    Optional<RunRecord> run() throws IOException {
        Path file = home.resolve(RUN);
        return Files.exists(file) ? RunRecord.parse(Files.readString(file)) : Optional.empty();
    }

    /** User id of the process that keeps the streams of the sandbox with this user id open. */
    int holderUid(int uid) {
        // In a user namespace it has the agent's own: an agent in a namespace made later could not end it otherwise.
        return standing.inUserNamespace() ? standing.ownUid() : uid + SLOTS;
    }

    /** Notes the file tree the sandbox stands on, so that it stays as long as the sandbox. */
    void standsOn(String tree) throws IOException {
        Files.writeString(home.resolve("tree"), tree);
    }

    /** The file tree the sandbox stands on. */
    Optional<String> tree() throws IOException {
        Path note = home.resolve("tree");
        return Files.exists(note) ? Optional.of(Files.readString(note).trim()) : Optional.empty();
    }

    /** Whether any sandbox here stands on the tree. */
    static boolean anyStandsOn(LinuxSettings settings, String tree) throws IOException {
        try (var homes = Files.newDirectoryStream(settings.stateDirectory().resolve("sandboxes"))) {
            for (Path each : homes) {
                if (new SandboxFiles(settings, each.getFileName().toString()).tree().filter(tree::equals).isPresent()) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Whether anything of the sandbox was ever made here. */
    boolean exist() {
        return Files.exists(home);
    }

    /** Removes what only a running sandbox needs; its workspace's size stays, without being mounted. */
    void forgetRun() throws IOException {
        workspace.leave();
        Files.deleteIfExists(home.resolve(RUN));
        Files.deleteIfExists(home.resolve(OUTPUT));
        Files.deleteIfExists(home.resolve(OUTPUT_BEFORE));
        Files.deleteIfExists(root());
    }

    /** Removes everything, the workspace included, and frees the user id. */
    void delete() throws IOException {
        if (!Files.exists(home)) {
            return;
        }
        Optional<Path> slot = recordedUid().map(this::slot);
        Files.walkFileTree(home, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @org.jspecify.annotations.Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
        if (slot.isPresent()) {
            Files.deleteIfExists(slot.get());
        }
    }

    private int uid() throws IOException {
        Optional<Integer> recorded = recordedUid();
        if (recorded.isPresent()) {
            if (!standing.gives(recorded.get())) {
                throw new IOException("its files belong to user id " + recorded.get() + ", which this agent cannot give away: it ran with"
                        + " other ids when the sandbox was made; delete the sandbox, or run the agent as before");
            }
            return recorded.get();
        }
        if (standing.sharesOwnId()) {
            return given(standing.ownUid());
        }
        Files.createDirectories(settings.stateDirectory().resolve("uids"));
        int first = standing.inUserNamespace() ? standing.firstUid() : settings.firstUid();
        int slots = standing.inUserNamespace() ? standing.count() : SLOTS;
        // Where the search begins depends on the sandbox: from the first slot on it would go past every other sandbox's.
        int begin = Math.floorMod(sandboxId.hashCode(), slots);
        for (int i = 0; i < slots; i++) {
            int uid = first + (begin + i) % slots;
            try {
                Files.createFile(slot(uid));
                return given(uid);
            } catch (FileAlreadyExistsException taken) {
                continue; // another sandbox's
            }
        }
        throw new IOException("no free user id");
    }

    private int given(int uid) throws IOException {
        Path fresh = home.resolve("uid.new");
        Files.writeString(fresh, Integer.toString(uid));
        Files.move(fresh, home.resolve("uid"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return uid;
    }

    /** The user id it was given once. */
    Optional<Integer> recordedUid() throws IOException {
        Path file = home.resolve("uid");
        String text = Files.exists(file) ? Files.readString(file).trim() : "";
        return text.matches("[0-9]{1,9}") ? Optional.of(Integer.parseInt(text)) : Optional.empty();
    }

    private Path slot(int uid) {
        return settings.stateDirectory().resolve("uids").resolve(Integer.toString(uid));
    }

    private static void own(Path path, int uid) {
        try (Memory m = new Memory()) {
            Native.check("chown " + path, Sys.FCHOWNAT, Fd.CWD, m.text(path.toString()), uid, uid, 0);
        }
    }
}
