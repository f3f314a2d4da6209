package io.openshell.projection.history;

import java.util.List;

/**
 * A stream as the log holds it, checked.
 *
 * @param entries every readable event once, oldest first
 * @param findings what is wrong, in log order; empty when versions and hash chain are whole
 */
public record StreamAudit(List<History.Entry> entries, List<Finding> findings) {
    public StreamAudit {
        entries = List.copyOf(entries);
        findings = List.copyOf(findings);
    }
}
