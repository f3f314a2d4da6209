package io.openshell.agent.launcher;

/** The same cases for sandboxes from an image. */
class WorkInContainersTest extends WorkCatalogueTest {
    @Override
    CatalogueSetting setting() throws Exception {
        return CatalogueSetting.inContainers();
    }
}
