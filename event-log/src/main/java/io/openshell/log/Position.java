package io.openshell.log;

/** Where a record stands: positions of one partition are totally ordered, those of two partitions are not. */
public record Position(int partition, long offset) {
    public Position {
        if (partition < 0 || offset < 0) {
            throw new IllegalArgumentException("no such position: partition " + partition + ", offset " + offset);
        }
    }
}
