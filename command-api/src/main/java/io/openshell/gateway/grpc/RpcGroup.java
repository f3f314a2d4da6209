package io.openshell.gateway.grpc;

/** Calls that belong together. */
public interface RpcGroup {

    /** Adds them to the table; called once, before the listeners open. */
    void addTo(RpcTable table);
}
