package io.openshell.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.egress.ReasonCode;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.proxy.http.Authority;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectMachineTest {
    private static final PolicyInForce NOW = new PolicyInForce(Policies.site(), 1, true);
    private static final PolicyInForce LATER = new PolicyInForce(Policies.site(), 2, true);
    private static final ConnectEvent KNOWN = new ConnectEvent.CallerFound(Stage.CURL);
    private static final ConnectEvent PUBLIC = new ConnectEvent.Resolved(List.of(Stage.PUBLIC));

    private static ConnectEvent asked(String host, int port) {
        return new ConnectEvent.Asked(new Ask.Tunnel(new Authority(host, port)));
    }

    private static ConnectState after(PolicyInForce policy, ConnectEvent... events) {
        ConnectState state = new ConnectState.AwaitingHead();
        for (var event : events) {
            state = ConnectMachine.next(state, event, policy);
        }
        return state;
    }

    private static ReasonCode code(ConnectState state) {
        assertThat(state).isInstanceOf(ConnectState.Refused.class);
        return ((ConnectState.Refused) state).refusal().finding().code().orElseThrow();
    }

    @Test
    void anAllowedTunnelGoesThroughEveryState() {
        assertThat(after(NOW, asked("site.test", 443))).isInstanceOf(ConnectState.Identifying.class);
        assertThat(after(NOW, asked("site.test", 443), KNOWN)).isInstanceOf(ConnectState.Resolving.class);
        var dialing = after(NOW, asked("site.test", 443), KNOWN, PUBLIC);
        assertThat(dialing).isInstanceOfSatisfying(
                ConnectState.Dialing.class, d -> assertThat(d.addresses()).containsExactly(Stage.PUBLIC));
        assertThat(ConnectMachine.next(dialing, new ConnectEvent.Dialled(), NOW))
                .isInstanceOf(ConnectState.Relaying.class);
    }

    @Test
    void anAddressLiteralIsNeverLookedUp() {
        var literal = new PolicyInForce(Policies.allowing(NetworkEndpoint.plain("93.184.216.34", 443)), 1, true);
        assertThat(after(literal, asked("93.184.216.34", 443), KNOWN)).isInstanceOf(ConnectState.Dialing.class);
    }

    @Test
    void theLoopbackLiteralIsBlockedEvenWhenAPolicyNamesIt() {
        var loopback = new PolicyInForce(Policies.allowing(NetworkEndpoint.plain("127.0.0.1", 443)), 1, true);
        assertThat(code(after(loopback, asked("127.0.0.1", 443), KNOWN)).name()).startsWith("SSRF_");
    }

    @Test
    void aGenerationThatMovesAfterTheLookUpOrTheDialIsStale() {
        var resolving = after(NOW, asked("site.test", 443), KNOWN);
        assertThat(code(ConnectMachine.next(resolving, PUBLIC, LATER))).isEqualTo(ReasonCode.STALE_POLICY);
        var dialing = ConnectMachine.next(resolving, PUBLIC, NOW);
        assertThat(code(ConnectMachine.next(dialing, new ConnectEvent.Dialled(), LATER)))
                .isEqualTo(ReasonCode.STALE_POLICY);
    }

    @Test
    void lateAndMisplacedEventsChangeNothing() {
        var waiting = new ConnectState.AwaitingHead();
        for (var event : List.of(KNOWN, PUBLIC, new ConnectEvent.Dialled(), new ConnectEvent.Unresolvable())) {
            assertThat(ConnectMachine.next(waiting, event, NOW)).isSameAs(waiting);
        }
        var dialing = after(NOW, asked("site.test", 443), KNOWN, PUBLIC);
        assertThat(ConnectMachine.next(dialing, KNOWN, NOW)).isSameAs(dialing);
        assertThat(ConnectMachine.next(dialing, PUBLIC, NOW)).isSameAs(dialing);
        var refused = after(NOW, asked("other.test", 443), KNOWN);
        assertThat(ConnectMachine.next(refused, new ConnectEvent.Dialled(), NOW)).isSameAs(refused);
    }

    @Test
    void aFailureInAnyUndecidedStateRefuses() {
        var failed = new ConnectEvent.Failed("broken");
        assertThat(after(NOW, failed)).isInstanceOf(ConnectState.Refused.class);
        assertThat(after(NOW, asked("site.test", 443), failed)).isInstanceOf(ConnectState.Refused.class);
        assertThat(after(NOW, asked("site.test", 443), KNOWN, failed)).isInstanceOf(ConnectState.Refused.class);
        assertThat(after(NOW, asked("site.test", 443), KNOWN, PUBLIC, failed)).isInstanceOf(ConnectState.Refused.class);
    }
}
