package io.openshell.agent.launcher;

/** The same for sandboxes from an image. */
class WorkspaceSizeInContainersTest extends WorkspaceSizeTest {
    @Override
    CatalogueSetting setting() throws Exception {
        return CatalogueSetting.inContainers();
    }
}
