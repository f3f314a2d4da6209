/**
 * Mirrors the log's events into an event store of the operator's (EventStoreDB), for readers that know nothing of Kafka. Nothing
 * here is read back: the log stays the only truth, and a gateway without an archive lacks nothing.
 */
@NullMarked
package io.openshell.gateway.archive;

import org.jspecify.annotations.NullMarked;
