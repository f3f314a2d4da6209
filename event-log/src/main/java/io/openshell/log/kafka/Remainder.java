package io.openshell.log.kafka;

import io.openshell.log.Entry;
import java.util.List;

/**
 * What an owner left in a partition when it went.
 *
 * @param nextCommand the first command that is not decided
 * @param copies events whose copies may be missing in the feeds, oldest first
 */
record Remainder(long nextCommand, List<Entry> copies) {}
