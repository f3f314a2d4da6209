package io.openshell.cli.config;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where this program was installed, told by the launcher script.
 *
 * @param dist folder that holds {@code gateway/*.jar}
 * @param java the java program to run the gateway with
 */
public record Installation(Path dist, Path java) {
    /** What the launcher script passed as {@code openshell.dist} and {@code openshell.java}. */
    public static Installation ofProcess() {
        String java = System.getProperty("openshell.java", System.getProperty("java.home") + "/bin/java");
        return new Installation(Path.of(System.getProperty("openshell.dist", "")), Path.of(java));
    }

    /** Class path of the gateway process. */
    public String gatewayClassPath() {
        return dist.resolve("gateway") + "/*";
    }

    /** Whether a gateway can be started from here. */
    public boolean hasGateway() {
        return Files.isDirectory(dist.resolve("gateway"));
    }
}
