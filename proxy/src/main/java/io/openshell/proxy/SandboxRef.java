package io.openshell.proxy;

import java.util.Objects;

/**
 * Names the sandbox a proxy serves, for log lines and verdicts.
 *
 * @param sandboxId the id the log knows the sandbox by
 * @param name the name people gave it
 */
public record SandboxRef(String sandboxId, String name) {
    /** Refuses missing parts. */
    public SandboxRef {
        Objects.requireNonNull(sandboxId, "sandboxId");
        Objects.requireNonNull(name, "name");
    }
}
