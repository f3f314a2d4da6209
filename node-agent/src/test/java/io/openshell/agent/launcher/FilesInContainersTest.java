package io.openshell.agent.launcher;

/** The same cases for sandboxes from an image. */
class FilesInContainersTest extends FilesCatalogueTest {
    @Override
    CatalogueSetting setting() throws Exception {
        return CatalogueSetting.inContainers();
    }
}
