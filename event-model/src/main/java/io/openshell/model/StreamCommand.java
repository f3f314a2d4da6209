package io.openshell.model;

/** What a stream of any kind can be asked. */
public sealed interface StreamCommand extends Command {

    /**
     * Leave out the event that cannot be read or applied at this version, and go on behind it. Means something only on a
     * stream that is poisoned there.
     */
    record SkipEvent(long version) implements StreamCommand {}

    /**
     * Record that a command of the asking actor was refused again and again for one and the same reason.
     *
     * @param command name of the refused command
     * @param count how many refusals this stands for, from 1
     */
    record RecordRefusals(String command, Rejection rejection, int count) implements StreamCommand {
        public RecordRefusals {
            if (count < 1) {
                throw new IllegalArgumentException("a count of refusals is at least 1, not " + count);
            }
        }
    }
}
