package io.openshell.agent.execute;

import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.proxy.EgressProxy;

/** What keeps one started sandbox going. */
public record Running(RunningSandbox sandbox, EgressProxy proxy) {

    /** Ends everything; egress first, so that nothing gets out of a sandbox that is half gone. Blocks up to ten seconds. */
    public void end() {
        try {
            proxy.close();
        } finally {
            sandbox.stop();
        }
    }

    /** Lets it go on without an agent: nothing gets out of it until the next one opens its egress again. */
    void release() {
        try {
            proxy.close();
        } finally {
            sandbox.release();
        }
    }
}
