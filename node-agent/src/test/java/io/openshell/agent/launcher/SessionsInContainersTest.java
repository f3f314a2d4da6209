package io.openshell.agent.launcher;

/** The same for sandboxes from an image. */
class SessionsInContainersTest extends SessionsTest {
    @Override
    CatalogueSetting setting() throws Exception {
        return CatalogueSetting.inContainers();
    }
}
