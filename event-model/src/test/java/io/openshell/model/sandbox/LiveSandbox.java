package io.openshell.model.sandbox;

import io.openshell.model.Contexts;
import io.openshell.model.DeciderFixture;

/** A sandbox for tests of other packages. */
public final class LiveSandbox {

    private LiveSandbox() {}

    /** One that is ready, with the first policy in force. */
    public static SandboxState.Live ready() {
        return (SandboxState.Live) DeciderFixture.given(new SandboxDecider(), Contexts.user(), Histories.ready()).state();
    }
}
