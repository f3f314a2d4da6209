package io.openshell.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

/** An installation as the command line expects one, made of this process's class path. */
final class Installed {

    private Installed() {}

    /** The folder that holds {@code gateway/*.jar}; made once per scratch folder. */
    static Path in(Path scratch) {
        return of(System.getProperty("java.class.path"), scratch);
    }

    /** As {@link #in}, of this class path. */
    static Path of(String classPath, Path scratch) {
        Path dist = scratch.resolve("dist");
        Path jar = dist.resolve("gateway/gateway.jar");
        if (Files.exists(jar)) {
            return dist;
        }
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, Arrays.stream(classPath
                .split(File.pathSeparator)).map(each -> Path.of(each).toUri().toString()).collect(Collectors.joining(" ")));
        try {
            Files.createDirectories(jar.getParent());
            new JarOutputStream(Files.newOutputStream(jar), manifest).close();
            return dist;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
