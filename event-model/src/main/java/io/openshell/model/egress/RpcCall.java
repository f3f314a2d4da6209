package io.openshell.model.egress;

import java.util.Optional;

/**
 * One call in a JSON-RPC body.
 *
 * @param method its method
 * @param tool the tool it calls, where it is a call of a tool
 */
record RpcCall(String method, Optional<String> tool) {
    @Override
    public String toString() {
        return tool.map(name -> method + " " + name).orElse(method);
    }
}
