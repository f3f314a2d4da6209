package io.openshell.cli.config;

import io.openshell.cli.CliException;
import io.openshell.cli.config.GatewayEntry.Source;
import io.openshell.cli.json.JsonText;
import io.openshell.cli.json.JsonWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The gateways this user knows: files below the user's and the system's folder. User entries hide system entries. */
public final class GatewayRegistry {
    private final ClientPaths paths;

    /** A registry over these folders; nothing is read before it is asked for. */
    public GatewayRegistry(ClientPaths paths) {
        this.paths = paths;
    }

    /** Every registered gateway by name. */
    public SortedMap<String, GatewayEntry> registered() {
        SortedMap<String, GatewayEntry> all = new TreeMap<>();
        collect(all, paths.system(), Source.SYSTEM);
        collect(all, paths.config(), Source.USER);
        return all;
    }

    /** A registered gateway, or the built-in one when its name is asked for and nothing is registered under it. */
    public Optional<GatewayEntry> find(String name) {
        checkName(name);
        return read(paths.config(), name, Source.USER)
                .or(() -> read(paths.system(), name, Source.SYSTEM))
                .or(() -> name.equals(GatewayEntry.LOCAL_NAME) ? Optional.of(builtIn()) : Optional.empty());
    }

    /** The gateway that this program starts by itself. */
    public GatewayEntry builtIn() {
        return new GatewayEntry(GatewayEntry.LOCAL_NAME, "unix:" + paths.socket(), false, null, null, "plaintext",
                Source.BUILT_IN);
    }

    /** Name of the active gateway: the user's choice, then the system's. */
    public Optional<String> activeName() {
        return firstLine(paths.config().resolve("active_gateway"))
                .or(() -> firstLine(paths.system().resolve("active_gateway")));
    }

    /** Makes a gateway the active one. */
    public void select(String name) {
        write(paths.config().resolve("active_gateway"), name + "\n");
    }

    /**
     * Registers a gateway and makes it active.
     *
     * @throws CliException when this user already has one of that name
     */
    public void add(GatewayEntry entry) {
        checkName(entry.name());
        if (read(paths.config(), entry.name(), Source.USER).isPresent()) {
            throw new CliException("Gateway '" + entry.name() + "' exists already; remove it with `openshell gateway"
                    + " remove " + entry.name() + "` or choose another name with --name.");
        }
        write(folder(entry.name()).resolve("metadata.json"), JsonWriter.write(entry.toMetadata()) + "\n");
        select(entry.name());
    }

    /**
     * Forgets a gateway of this user; the gateway itself is left alone.
     *
     * @throws CliException when it is unknown or was installed for the whole system
     */
    public void remove(String name) {
        checkName(name);
        if (read(paths.config(), name, Source.USER).isEmpty()) {
            boolean system = read(paths.system(), name, Source.SYSTEM).isPresent();
            throw new CliException(system
                    ? "Gateway '" + name + "' is system-installed and cannot be removed here."
                    : unknown(name));
        }
        ClientFiles.deleteFolder(folder(name));
        if (firstLine(paths.config().resolve("active_gateway")).filter(name::equals).isPresent()) {
            ClientFiles.delete(paths.config().resolve("active_gateway"));
        }
    }

    /** What to say about a name that nobody registered. */
    public static String unknown(String name) {
        return "Unknown gateway '" + name + "'. `openshell gateway list` shows the registered ones.";
    }

    /** Folder of a gateway's files. */
    public Path folder(String name) {
        checkName(name);
        return paths.config().resolve("gateways").resolve(name);
    }

    private static void checkName(String name) {
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")) {
            throw new CliException("'" + name + "' is not a gateway name; use letters, digits, '.', '_' and '-'.");
        }
    }

    private void collect(Map<String, GatewayEntry> all, Path base, Source source) {
        Path folder = base.resolve("gateways");
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> names = Files.newDirectoryStream(folder)) {
            for (Path one : names) {
                String name = one.getFileName().toString();
                read(base, name, source).ifPresent(entry -> all.put(name, entry));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<GatewayEntry> read(Path base, String name, Source source) {
        Path file = base.resolve("gateways").resolve(name).resolve("metadata.json");
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            if (JsonText.parse(ClientFiles.read(file)) instanceof Map<?, ?> json) {
                return Optional.of(GatewayEntry.ofMetadata(name, json, source));
            }
            throw new IllegalArgumentException("not a JSON object");
        } catch (IllegalArgumentException e) {
            throw new CliException(file + " cannot be read (" + e.getMessage() + "); register the gateway again.");
        }
    }

    private static Optional<String> firstLine(Path file) {
        return Files.isRegularFile(file)
                ? ClientFiles.read(file).lines().findFirst().map(String::strip).filter(line -> !line.isEmpty())
                : Optional.empty();
    }

    private void write(Path file, String text) {
        ClientFiles.writePrivate(file, text);
    }
}
