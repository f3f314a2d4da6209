package io.openshell.projection.fold;

import io.openshell.model.CommandId;
import io.openshell.model.StreamId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * On which stream a command id was decided here, for the time until the fold knows it too. One thread, bounded. Another
 * gateway that decides another stream under the same id within those milliseconds does not know of this one: an id is
 * the caller's to keep apart, and what then stands twice in the log is two commands on two streams.
 */
final class ClaimedIds {

    private static final int REMEMBERED = 4_096;

    private final Map<CommandId, StreamId> claimed = new LinkedHashMap<>();
    private final List<CommandId> staged = new ArrayList<>();

    /** True when the id is free for this stream. */
    boolean claim(CommandId id, StreamId stream, CalledCommands folded) {
        StreamId holder = folded.find(id).map(CalledCommands.Called::stream).orElse(claimed.get(id));
        if (holder != null) {
            return holder.equals(stream);
        }
        claimed.put(id, stream);
        staged.add(id);
        if (claimed.size() > REMEMBERED) {
            claimed.remove(claimed.keySet().iterator().next());
        }
        return true;
    }

    void committed() {
        staged.clear();
    }

    void aborted() {
        staged.forEach(claimed::remove);
        staged.clear();
    }
}
