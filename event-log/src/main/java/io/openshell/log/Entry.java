package io.openshell.log;

import java.util.Optional;

/**
 * One event to be written.
 *
 * @param stream the stream it belongs to
 * @param event the encoded event
 * @param node the node whose feed gets a copy in the same transaction, if any
 */
public record Entry(String stream, byte[] event, Optional<String> node) {}
