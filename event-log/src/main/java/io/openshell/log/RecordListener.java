package io.openshell.log;

import java.util.List;

/** Receives the records of a follower, on the follower's thread. */
public interface RecordListener {
    /** Takes the next records; those of one partition come in order, each once. Never empty. */
    void onRecords(List<LogRecord> records);

    /** Everything the log held when the follower started has been handed over. Called once. */
    void onCaughtUp();
}
