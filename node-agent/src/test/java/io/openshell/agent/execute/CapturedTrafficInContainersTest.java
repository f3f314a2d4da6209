package io.openshell.agent.execute;

import io.openshell.agent.launcher.CatalogueSetting;
import java.io.IOException;

/** The same for sandboxes from an image. */
class CapturedTrafficInContainersTest extends CapturedTrafficTest {
    @Override
    CatalogueSetting setting() throws IOException {
        return CatalogueSetting.inContainers();
    }
}
