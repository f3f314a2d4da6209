package io.openshell.cli.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The process environment as a value, so that tests supply their own. */
public record Environment(Map<String, String> variables) {
    public Environment {
        variables = Map.copyOf(variables);
    }

    /** The environment of this process. */
    public static Environment ofProcess() {
        return new Environment(System.getenv());
    }

    /** A variable that is set and not empty. */
    public Optional<String> get(String name) {
        return Optional.ofNullable(variables.get(name)).filter(value -> !value.isEmpty());
    }

    /** The seconds a variable holds, or the default when it is absent. */
    public int seconds(String name, int otherwise) {
        String text = get(name).orElse("");
        return text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : otherwise;
    }

    /** Where configuration, state and caches of this user live. */
    public ClientPaths paths() {
        Path home = Path.of(get("HOME").orElse(System.getProperty("user.home")));
        return new ClientPaths(
                under("XDG_CONFIG_HOME", home.resolve(".config")),
                under("XDG_STATE_HOME", home.resolve(".local/state")),
                get("OPENSHELL_SYSTEM_GATEWAY_DIR").map(Path::of).filter(Path::isAbsolute)
                        .orElse(Path.of("/etc/openshell")));
    }

    private Path under(String variable, Path otherwise) {
        return get(variable).map(Path::of).filter(Path::isAbsolute).orElse(otherwise).resolve("openshell");
    }

    /** Names only: values may be secrets. */
    @Override
    public String toString() {
        return "Environment" + variables.keySet();
    }
}
