package io.openshell.agent.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.model.isolation.LayerKind;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.sandbox.SandboxSource;
import org.junit.jupiter.api.Test;

/** The same for sandboxes from an image. */
class WorkspaceAdoptionInContainersTest extends WorkspaceAdoptionTest {
    @Override
    SandboxSource source() {
        ContainerSetting.engine();
        return SandboxSource.of(ContainerSetting.IMAGE);
    }

    /** The engine is in this process's view of the files and not in that agent's: it binds the folder below the mount. */
    @Override
    @Test
    void anAgentWithAnotherViewOfTheFilesMountsItAgain() throws Exception {
        killedElsewhere();
        assertThat(HeldDisks.devices(state)).isEmpty();
        RunningSandbox box = adopted();
        assertThat(box.layers()).filteredOn(each -> each.kind() == LayerKind.RESOURCES).singleElement()
                .isInstanceOfSatisfying(LayerReport.Weakened.class, weak -> assertThat(weak.missing()).contains("the workspace has no limit"));
        assertThat(SandboxFixture.exec(box, false, "sh", "-c", "echo here > /sandbox/note").code()).isZero();
        assertThat(home().resolve("workspace/note")).as("one folder for all").hasContent("here");
        box.stop();
    }
}
