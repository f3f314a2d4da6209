package io.openshell.agent.isolation.mounts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/** What the planner may know of the host's files. */
public interface HostFacts {
    boolean isDirectory(String path);

    boolean isRegularFile(String path);

    boolean exists(String path);

    /** Where a symbolic link points; empty for anything else. */
    String linkTarget(String path);

    /** Whether the operator lets policies show this path. */
    boolean exposed(String path);

    /** The machine's facts; a path through a symbolic link does not count, so that what was checked is what gets mounted. */
    static HostFacts ofMachine(List<String> exposedPrefixes) {
        List<Path> prefixes = exposedPrefixes.stream().map(Path::of).toList();
        return new HostFacts() {
            @Override
            public boolean isDirectory(String path) {
                return Files.isDirectory(Path.of(path), LinkOption.NOFOLLOW_LINKS) && plain(path);
            }

            @Override
            public boolean isRegularFile(String path) {
                return Files.isRegularFile(Path.of(path), LinkOption.NOFOLLOW_LINKS) && plain(path);
            }

            @Override
            public boolean exists(String path) {
                return Files.exists(Path.of(path), LinkOption.NOFOLLOW_LINKS) && plain(path);
            }

            @Override
            public String linkTarget(String path) {
                try {
                    return Files.isSymbolicLink(Path.of(path)) ? Files.readSymbolicLink(Path.of(path)).toString() : "";
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public boolean exposed(String path) {
                return prefixes.stream().anyMatch(p -> Path.of(path).normalize().startsWith(p));
            }
        };
    }

    private static boolean plain(String path) {
        try {
            return Path.of(path).toRealPath().equals(Path.of(path).normalize());
        } catch (IOException e) {
            return false; // not reachable, so as good as absent
        }
    }
}
