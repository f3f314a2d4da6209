package io.openshell.wire.replay;

/** The file is no incident file, was damaged, or is of a newer release. The message is one sentence. */
public final class ReplayRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ReplayRefused(String message) {
        super(message, null, false, false);
    }
}
