package io.openshell.cli.config;

import io.openshell.cli.CliException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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

    /**
     * The beginning of a command that runs a class of the gateway's files: started soon, at half the speed it could have.
     *
     * @param heap largest heap, for example {@code 384m}
     */
    public List<String> gatewayJava(String heap) {
        return gatewayJava(heap, List.of("-XX:TieredStopAtLevel=1"));
    }

    /** The same of a process that is to serve for long: about a second later, and then twice as fast. */
    public List<String> servingJava(String heap) {
        return gatewayJava(heap, List.of());
    }

    private List<String> gatewayJava(String heap, List<String> compiler) {
        if (!hasGateway()) {
            throw new CliException("the gateway's program files are missing; run the `openshell` script of the project"
                    + " or pass -Dopenshell.dist=FOLDER.");
        }
        List<String> command = new ArrayList<>(List.of(java.toString(), "-Xmx" + heap, "-XX:+UseSerialGC",
                "-Djnr.ffi.x86asm.enabled=false", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(compiler);
        if (Runtime.version().feature() >= 24) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(List.of("-cp", gatewayClassPath()));
        return command;
    }

    /** Whether a gateway can be started from here. */
    public boolean hasGateway() {
        return Files.isDirectory(dist.resolve("gateway"));
    }
}
