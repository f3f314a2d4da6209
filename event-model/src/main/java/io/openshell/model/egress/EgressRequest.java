package io.openshell.model.egress;

/**
 * One wish to open a connection.
 *
 * @param host name or IP literal without brackets, any letter case
 * @param port destination port
 * @param caller program that asks
 */
public record EgressRequest(String host, int port, Caller caller) {}
