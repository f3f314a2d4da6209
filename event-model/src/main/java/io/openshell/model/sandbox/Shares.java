package io.openshell.model.sandbox;

/**
 * How much of its node a sandbox may use; 0 leaves a share to the node's own setting.
 *
 * @param cpuMillis thousandths of one processor
 * @param memoryBytes memory, file cache included
 * @param processes processes and threads at a time
 * @param diskBytes of its {@code /tmp}, and of its workspace when somebody asked
 */
public record Shares(long cpuMillis, long memoryBytes, int processes, long diskBytes) {

    /** Everything as the node sets it. */
    public static final Shares USUAL = new Shares(0, 0, 0, 0);

    /** These, with the other's where these say nothing. */
    public Shares or(Shares other) {
        return new Shares(
                cpuMillis > 0 ? cpuMillis : other.cpuMillis,
                memoryBytes > 0 ? memoryBytes : other.memoryBytes,
                processes > 0 ? processes : other.processes,
                diskBytes > 0 ? diskBytes : other.diskBytes);
    }
}
