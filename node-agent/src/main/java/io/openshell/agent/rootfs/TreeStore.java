package io.openshell.agent.rootfs;

import io.openshell.agent.host.HostProgram;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The file trees of one node, each a copy of its own so that nobody changes it under a sandbox. Thread safe. */
public final class TreeStore {
    private static final long COPY_SECONDS = 240;
    private static final List<String> SHADOWED = List.of("passwd", "group", "hosts", "resolv.conf", "hostname");
    private final Path directory;

    /** Trees below this directory, which is made when the first one comes. */
    public TreeStore(Path directory) {
        this.directory = directory;
    }

    /**
     * Copies a directory or unpacks a tar archive, compressed or not. Blocks for up to four minutes.
     *
     * @return the tree's name here
     * @throws IOException when it is no tree of a system, or cannot be copied; nothing of it is left then
     */
    public String bring(Path source) throws IOException {
        Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        String base = source.toAbsolutePath().normalize().getFileName() + "";
        String name = base.replaceAll("[^A-Za-z0-9_-]", "-").replaceFirst("^[^A-Za-z0-9]+", "") + "-"
                + UUID.randomUUID().toString().substring(0, 8);
        Path tree = directory.resolve(name.startsWith("-") ? "tree" + name : name);
        Files.createDirectory(tree);
        try {
            if (Files.isDirectory(source)) {
                HostProgram.run(List.of("cp", "-a", "--reflink=auto", source + "/.", tree.toString()), COPY_SECONDS);
            } else {
                HostProgram.run(List.of("tar", "-x", "--numeric-owner", "--exclude=./dev/*", "--exclude=dev/*", "-f", source.toString(), "-C",
                        tree.toString()), COPY_SECONDS);
            }
            complete(tree);
            return tree.getFileName().toString();
        } catch (IOException | RuntimeException e) {
            delete(tree);
            throw e;
        }
    }

    /** A program can only be started in a tree with a shell; the sandbox's own small files need something to lie on. */
    private static void complete(Path tree) throws IOException {
        if (!Files.exists(tree.resolve("bin/sh"), LinkOption.NOFOLLOW_LINKS) && !Files.exists(tree.resolve("usr/bin/sh"), LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("it is no file tree of a system: there is no shell at bin/sh");
        }
        Files.createDirectories(tree.resolve("usr"));
        if (Files.isSymbolicLink(tree.resolve("etc"))) {
            throw new IOException("its etc is a link");
        }
        Files.createDirectories(tree.resolve("etc"));
        for (String file : SHADOWED) {
            Path at = tree.resolve("etc").resolve(file);
            if (!Files.isRegularFile(at, LinkOption.NOFOLLOW_LINKS)) {
                Files.deleteIfExists(at);
                Files.createFile(at);
            }
        }
    }

    /** The tree with this name. */
    public Optional<TreeView> find(String name) throws IOException {
        Path tree = directory.resolve(name).normalize();
        return tree.getParent().equals(directory.normalize()) && Files.isDirectory(tree, LinkOption.NOFOLLOW_LINKS)
                ? Optional.of(new TreeView(tree.toRealPath()))
                : Optional.empty();
    }

    /** Forgets a tree that no sandbox stands on any more. */
    public void remove(String name) throws IOException {
        Optional<TreeView> view = find(name);
        if (view.isPresent()) {
            delete(view.get().tree());
        }
    }

    private static void delete(Path tree) throws IOException {
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, @org.jspecify.annotations.Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(each);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
