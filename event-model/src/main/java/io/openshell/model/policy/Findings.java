package io.openshell.model.policy;

import java.util.ArrayList;
import java.util.List;

/** Collects violations under a path, so that all of them can be reported together. */
final class Findings {
    private final List<PolicyViolation> found;
    private final String path;

    private Findings(List<PolicyViolation> found, String path) {
        this.found = found;
        this.path = path;
    }

    static Findings start() {
        return new Findings(new ArrayList<>(), "");
    }

    /** A view that reports below a key. */
    Findings at(String key) {
        return new Findings(found, path.isEmpty() ? key : path + "." + key);
    }

    /** A view that reports below an element of a list. */
    Findings at(String key, int index) {
        return at(key + "[" + index + "]");
    }

    void add(String message) {
        found.add(new PolicyViolation(path, message));
    }

    void addIf(boolean wrong, String message) {
        if (wrong) {
            add(message);
        }
    }

    List<PolicyViolation> all() {
        return List.copyOf(found);
    }
}
