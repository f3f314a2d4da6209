package io.openshell.agent.isolation.landlock;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.isolation.IsolationPlanner;
import io.openshell.model.isolation.LayerKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class LandlockRightsTest {
    @Test
    void eachVersionHandlesWhatItKnows() {
        assertThat(LandlockRights.handled(0)).isZero();
        assertThat(LandlockRights.handled(1)).isEqualTo(0x1FFF);
        assertThat(LandlockRights.handled(2)).isEqualTo(0x3FFF);
        assertThat(LandlockRights.handled(3)).isEqualTo(0x7FFF);
        assertThat(LandlockRights.handled(4)).isEqualTo(0x7FFF);
        assertThat(LandlockRights.handled(7)).isEqualTo(0xFFFF);
        assertThat(LandlockRights.handled(9)).isEqualTo(0x1FFFF);
    }

    @Test
    void aScopeIsImposedWhereNoNamespaceKeepsInsideWhatItWouldKeep() {
        assertThat(LandlockRights.scopes(7, IsolationPlanner.ORDER)).isZero();
        assertThat(LandlockRights.scopes(7, List.of())).isEqualTo(LandlockRights.ABSTRACT_SOCKETS | LandlockRights.SIGNALS);
        assertThat(LandlockRights.scopes(6, List.of(LayerKind.PID_NAMESPACE))).isEqualTo(LandlockRights.ABSTRACT_SOCKETS);
        assertThat(LandlockRights.scopes(6, List.of(LayerKind.NETWORK_NAMESPACE))).isEqualTo(LandlockRights.SIGNALS);
        assertThat(LandlockRights.scopes(5, List.of())).isZero();
        assertThat(LandlockRights.describeScopes(List.of(LayerKind.PID_NAMESPACE)))
                .isEqualTo("abstract sockets left to the scope, signals to the pid namespace");
    }

    @Test
    void whatAVersionCannotRefuseIsNamedUntilItCan() {
        assertThat(LandlockRights.gaps(2)).hasSize(2).anyMatch(gap -> gap.startsWith("truncate"));
        assertThat(LandlockRights.gaps(4)).hasSize(1).noneMatch(gap -> gap.startsWith("truncate"));
        assertThat(LandlockRights.gaps(5)).isEmpty();
        assertThat(LandlockRights.keepsFilePromises(2)).isFalse();
        assertThat(LandlockRights.keepsFilePromises(3)).isTrue();
        assertThat(LandlockRights.tcp(3)).isZero();
        assertThat(LandlockRights.tcp(4)).isEqualTo(3);
    }

    @Test
    void nothingIsGrantedThatIsNotHandledAndNoDeviceNodesEver() {
        for (int abi = 1; abi < 12; abi++) {
            for (boolean writable : new boolean[] {true, false}) {
                long directory = LandlockRights.granted(abi, writable, true);
                assertThat(directory & ~LandlockRights.handled(abi)).isZero();
                assertThat(directory & (LandlockRights.MAKE_CHAR | LandlockRights.MAKE_BLOCK)).isZero();
                assertThat(LandlockRights.granted(abi, writable, false) & LandlockRights.READ_DIR).isZero();
            }
            assertThat(LandlockRights.granted(abi, false, true)).isEqualTo(0b1101);
        }
    }
}
