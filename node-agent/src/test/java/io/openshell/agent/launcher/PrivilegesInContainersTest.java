package io.openshell.agent.launcher;

/** The same cases for sandboxes from an image. */
class PrivilegesInContainersTest extends PrivilegesCatalogueTest {
    @Override
    CatalogueSetting setting() throws Exception {
        return CatalogueSetting.inContainers();
    }
}
