package io.openshell.log;

import java.util.Optional;

/**
 * One event to be written.
 *
 * @param stream the stream it belongs to
 * @param event the encoded event
 * @param node the node whose feed gets a copy once the event counts, or {@link #EVERY_NODE}, if any
 */
public record Entry(String stream, byte[] event, Optional<String> node) {

    /** No id of a node: stands for the one feed that every node follows besides its own. */
    public static final String EVERY_NODE = "*";
}
