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
 * @param archive the gateway's start-up archive for that program, which may not have been made; empty for none
 */
public record Installation(Path dist, Path java, String archive) {
    /** Largest heap of a gateway when nothing else is asked for. */
    public static final String DEFAULT_HEAP = "384m";

    /** Less than all at the start: what was used once stays resident, and new objects use the whole of their part. */
    private static final List<String> DEFAULT_SIZES = List.of("-Xms160m", "-Xmn64m");

    private static final int AOT_CACHES = 25;

    /** Without a start-up archive. */
    public Installation(Path dist, Path java) {
        this(dist, java, "");
    }

    /** What the launcher script passed as {@code openshell.dist}, {@code openshell.java} and {@code openshell.archive}. */
    public static Installation ofProcess() {
        String java = System.getProperty("openshell.java", System.getProperty("java.home") + "/bin/java");
        return new Installation(Path.of(System.getProperty("openshell.dist", "")), Path.of(java),
                System.getProperty("openshell.archive", ""));
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
                // What a gateway loads in its first half minute: at the JVM's own mark it would stop for a whole collection.
                "-XX:MetaspaceSize=96m", "-Djnr.ffi.x86asm.enabled=false", "--enable-native-access=ALL-UNNAMED"));
        if (heap.equals(DEFAULT_HEAP)) {
            command.addAll(DEFAULT_SIZES);
        }
        command.addAll(compiler);
        if (Runtime.version().feature() >= 24) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        if (!archive.isEmpty() && Files.isReadable(Path.of(archive))) {
            // One that does not fit is left out by the JVM, which then need not say so in the gateway's log.
            command.addAll(Runtime.version().feature() >= AOT_CACHES
                    ? List.of("-XX:AOTCache=" + archive, "-Xlog:aot*=off", "-Xlog:cds*=off")
                    : List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:cds*=off"));
        }
        command.addAll(List.of("-cp", gatewayClassPath()));
        return command;
    }

    /** Whether a gateway can be started from here. */
    public boolean hasGateway() {
        return Files.isDirectory(dist.resolve("gateway"));
    }
}
