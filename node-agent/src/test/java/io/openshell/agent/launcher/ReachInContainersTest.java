package io.openshell.agent.launcher;

/** The same cases for sandboxes from an image. */
class ReachInContainersTest extends ReachCatalogueTest {
    @Override
    CatalogueSetting setting() throws Exception {
        return CatalogueSetting.inContainers();
    }
}
