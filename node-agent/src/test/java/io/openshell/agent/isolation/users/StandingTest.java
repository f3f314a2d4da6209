package io.openshell.agent.isolation.users;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.isolation.users.Standing.Kind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StandingTest {
    private static final List<String> WHOLE = List.of("         0          0 4294967295");
    private static final String ALL = "000001ffffffffff";
    private static final String NONE = "0000000000000000";

    private static Standing standing(int uid, String capabilities, List<String> map, String setgroups) {
        return Standing.of(Map.of("Uid", uid + "\t" + uid + "\t" + uid + "\t" + uid, "CapEff", capabilities), map, map, setgroups);
    }

    @Test
    void rootOfTheMachineGivesWhatItWasSetToGive() {
        Standing root = standing(0, ALL, WHOLE, "allow");
        assertThat(root.kind()).isEqualTo(Kind.ROOT);
        assertThat(root.inUserNamespace()).isFalse();
        assertThat(root.gives(2_000_000)).isTrue();
        assertThat(root.groupsStay()).isFalse();
    }

    @Test
    void anOrdinaryUserOutsideOfANamespaceCanSealNothing() {
        assertThat(standing(1000, NONE, WHOLE, "allow").kind()).isEqualTo(Kind.ORDINARY);
        assertThat(standing(1000, NONE, List.of("1000 1000 1"), "deny").kind()).isEqualTo(Kind.ORDINARY);
    }

    @Test
    void subIdsAreGivenToSandboxes() {
        Standing user = standing(1000, ALL, List.of("1000 1000 1", "2000000 100000 65536"), "allow");
        assertThat(user.kind()).isEqualTo(Kind.USER_NAMESPACE);
        assertThat(user.sharesOwnId()).isFalse();
        assertThat(user.firstUid()).isEqualTo(2_000_000);
        assertThat(user.count()).isEqualTo(65_536);
        assertThat(user.gives(2_065_535)).isTrue();
        assertThat(user.gives(2_065_536)).isFalse();
        assertThat(user.gives(1000)).isFalse();
    }

    @Test
    void withoutSubIdsAllHaveTheAgentsIdAndItsGroupsMayStay() {
        Standing user = standing(1000, ALL, List.of("1000 1000 1"), "deny");
        assertThat(user.kind()).isEqualTo(Kind.USER_NAMESPACE);
        assertThat(user.sharesOwnId()).isTrue();
        assertThat(user.groupsStay()).isTrue();
        assertThat(user.gives(1000)).isTrue();
        assertThat(user.gives(2_000_000)).isFalse();
    }

    @Test
    void idsThatAreNoGroupIdsAreNotGiven() {
        Standing user = Standing.of(Map.of("Uid", "1000", "CapEff", ALL), List.of("1000 1000 1", "2000000 100000 65536"),
                List.of("1000 100 1", "2000000 100000 10"), "allow");
        assertThat(user.count()).isEqualTo(10);
    }

    @Test
    void theOnlyIdIsNotGivenWhenItIsUserZero() {
        assertThat(standing(0, ALL, List.of("0 1000 1"), "deny").kind()).isEqualTo(Kind.ORDINARY);
        Standing contained = standing(0, ALL, List.of("0 100000 65536"), "allow");
        assertThat(contained.kind()).isEqualTo(Kind.USER_NAMESPACE);
        assertThat(contained.firstUid()).isEqualTo(1_000);
        assertThat(contained.gives(0)).isFalse();
    }

    @Test
    void whatForbidsNamespacesIsNamedWithItsRemedy() {
        assertThat(UserNamespaceLimits.of(name -> "", true, true)).isEmpty();
        assertThat(UserNamespaceLimits.of(name -> name.equals("user/max_user_namespaces") ? "0" : "", true, true).orElseThrow().sentence())
                .contains("user.max_user_namespaces is 0", "sysctl -w user.max_user_namespaces=10000", "as root");
        assertThat(UserNamespaceLimits.of(name -> name.contains("apparmor") ? "1" : "9", true, true).orElseThrow().sentence())
                .contains("kernel.apparmor_restrict_unprivileged_userns is 1", "=0");
        assertThat(UserNamespaceLimits.of(name -> name.endsWith("userns_clone") ? "0" : "9", true, true).orElseThrow().sentence())
                .contains("kernel.unprivileged_userns_clone is 0", "=1");
        assertThat(UserNamespaceLimits.of(name -> "", false, true).orElseThrow().why()).contains("kernel");
        assertThat(UserNamespaceLimits.of(name -> "", true, false).orElseThrow().remedy()).contains("util-linux");
    }
}
