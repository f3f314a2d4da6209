package io.openshell.agent.docker;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The users and groups of images, each read once from a container that is never started. Thread safe. */
final class ImageAccounts {
    private static final int REMEMBERED = 200;
    private final Engine engine;
    private final Map<String, Accounts> known = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Accounts> eldest) {
            return size() > REMEMBERED;
        }
    };

    ImageAccounts(Engine engine) {
        this.engine = engine;
    }

    /** Texts of an image's two files; empty where it has none. */
    record Accounts(String passwd, String group) {}

    Accounts of(String imageId, Map<String, String> labels) throws EngineException, IOException {
        synchronized (known) {
            Accounts before = known.get(imageId);
            if (before != null) {
                return before;
            }
        }
        // A sandbox's own container would show the files that are bound over the image's.
        String container = engine.createUnstarted(imageId, labels);
        try {
            Accounts read = new Accounts(text(container, "/etc/passwd"), text(container, "/etc/group"));
            synchronized (known) {
                known.put(imageId, read);
            }
            return read;
        } finally {
            engine.remove(container);
        }
    }

    private String text(String container, String path) throws EngineException, IOException {
        Optional<InputStream> tar = engine.file(container, path);
        return tar.isPresent() ? AccountFile.text(tar.get()) : "";
    }
}
