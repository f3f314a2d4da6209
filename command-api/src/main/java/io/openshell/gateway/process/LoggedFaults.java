package io.openshell.gateway.process;

import io.openshell.log.LogFaults;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the log's faults to the process's own log. */
final class LoggedFaults implements LogFaults {

    private static final Logger LOG = LoggerFactory.getLogger("io.openshell.log");

    @Override
    public void trouble(String where, Throwable cause) {
        LOG.warn("{}: {}; trying again", where, cause.toString());
    }

    @Override
    public void stopped(String where, Throwable cause) {
        LOG.error("{} stopped for good; restart the gateway", where, cause);
    }
}
