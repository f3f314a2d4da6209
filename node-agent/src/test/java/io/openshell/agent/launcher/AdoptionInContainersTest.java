package io.openshell.agent.launcher;

import io.openshell.model.sandbox.SandboxSource;

/** The same for sandboxes from an image. */
class AdoptionInContainersTest extends AdoptionTest {
    @Override
    SandboxSource source() {
        ContainerSetting.engine();
        return SandboxSource.of(ContainerSetting.IMAGE);
    }
}
