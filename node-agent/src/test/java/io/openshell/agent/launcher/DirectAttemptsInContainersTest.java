package io.openshell.agent.launcher;

/** The same for sandboxes from an image. */
class DirectAttemptsInContainersTest extends DirectAttemptsTest {
    @Override
    CatalogueSetting setting() throws Exception {
        return CatalogueSetting.inContainers();
    }
}
