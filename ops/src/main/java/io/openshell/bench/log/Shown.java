package io.openshell.bench.log;

import io.openshell.projection.sandboxes.SandboxQuery;
import io.openshell.projection.sandboxes.SandboxReads;
import io.openshell.projection.sandboxes.SandboxView;
import java.util.Map;
import java.util.Optional;

/**
 * What a list of all sandboxes shows, in short.
 *
 * @param live sandboxes there are
 * @param versions of them, added up: one event more or less is one more or less
 */
public record Shown(long live, long versions) {
    private static final SandboxQuery ALL = new SandboxQuery(Optional.empty(), Map.of(), 0, Integer.MAX_VALUE);

    static Shown by(SandboxReads reads) {
        var all = reads.list(ALL);
        return new Shown(all.size(), all.stream().mapToLong(SandboxView::version).sum());
    }
}
