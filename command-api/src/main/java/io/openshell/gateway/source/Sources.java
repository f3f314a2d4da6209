package io.openshell.gateway.source;

import java.nio.file.Path;
import java.util.function.Consumer;

/** The node of this host as one that takes images and file trees. All methods block for minutes. */
public interface Sources {

    /**
     * Builds an image and returns its name.
     *
     * @throws NotBrought when it was not built; the message says why
     */
    String build(Path context, Path dockerfile, String tag, Consumer<String> onLine) throws NotBrought;

    /**
     * Copies a file tree and returns its name as a source.
     *
     * @throws NotBrought when it was not copied; the message says why
     */
    String bring(Path tree) throws NotBrought;

    /** Nothing came of it. */
    final class NotBrought extends Exception {
        private static final long serialVersionUID = 1L;

        /** For this reason. */
        public NotBrought(String reason) {
            super(reason);
        }
    }
}
