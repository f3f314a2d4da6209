package io.openshell.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.egress.Caller;
import io.openshell.model.egress.ReasonCode;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.proxy.http.Authority;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Connections that came without asking are judged as tunnels are, and go only where their name was found to lead. */
class CapturedMachineTest {
    private static final InetAddress PRIVATE = Stage.address("10.1.2.3");
    private static final ConnectEvent CURL = new ConnectEvent.CallerFound(Stage.CURL);

    private static PolicyInForce policy(NetworkEndpoint... endpoints) {
        // without TLS termination, which such connections do not need
        return new PolicyInForce(Policies.allowing(endpoints), 1, false);
    }

    private static ConnectState after(PolicyInForce policy, String host, InetAddress pinned, String unmapped, ConnectEvent who) {
        var ask = new Ask.Captured(new Authority(host, 5432), List.of(pinned), unmapped);
        var identifying = ConnectMachine.next(new ConnectState.AwaitingHead(), new ConnectEvent.Asked(ask), policy);
        assertThat(identifying).isInstanceOf(ConnectState.Identifying.class);
        return ConnectMachine.next(identifying, who, policy);
    }

    private static ReasonCode code(ConnectState state) {
        assertThat(state).isInstanceOf(ConnectState.Refused.class);
        var refusal = ((ConnectState.Refused) state).refusal();
        assertThat(refusal.finding().allowed()).isFalse();
        return refusal.finding().code().orElseThrow();
    }

    private static NetworkEndpoint tcp(String host) {
        return NetworkEndpoint.builder(host, 5432).protocol("tcp").build();
    }

    @Test
    void anAllowedOneIsDialledAtWhatWasPinnedWithoutAnotherLookUp() {
        assertThat(after(policy(tcp("db.test")), "db.test", PRIVATE, "", CURL)).isInstanceOfSatisfying(
                ConnectState.Dialing.class, dialing -> assertThat(dialing.addresses()).containsExactly(PRIVATE));
    }

    @Test
    void theProgramDecides() {
        var other = new ConnectEvent.CallerFound(new Identified.Known(3, new Caller("/bin/other", List.of(), List.of())));
        assertThat(code(after(policy(tcp("db.test")), "db.test", PRIVATE, "", other))).isEqualTo(ReasonCode.BINARY_NOT_ALLOWED);
        var nobody = new ConnectEvent.CallerFound(new Identified.Unknown(ReasonCode.IDENTITY_UNKNOWN, "no"));
        assertThat(code(after(policy(tcp("db.test")), "db.test", PRIVATE, "", nobody))).isEqualTo(ReasonCode.IDENTITY_UNKNOWN);
    }

    @Test
    void anAddressThatStandsForNothingLeadsNowhereWhoeverAsks() {
        assertThat(code(after(policy(tcp("db.test")), "db.test", PRIVATE, "mapping_expired", CURL)))
                .isEqualTo(ReasonCode.UNMAPPED_DESTINATION);
    }

    @Test
    void anEndpointThatIsNotForThisWayIsNotOpenedByIt() {
        assertThat(code(after(policy(NetworkEndpoint.plain("db.test", 5432)), "db.test", PRIVATE, "", CURL)))
                .isEqualTo(ReasonCode.ENDPOINT_NOT_ALLOWED);
        assertThat(code(after(policy(Policies.rest("db.test", 5432, "enforce")), "db.test", PRIVATE, "", CURL)))
                .isEqualTo(ReasonCode.ENDPOINT_NOT_ALLOWED);
    }

    @Test
    void whatWasPinnedIsCheckedAgain() {
        assertThat(code(after(policy(tcp("*.db.test")), "a.db.test", PRIVATE, "", CURL))).isEqualTo(ReasonCode.SSRF_INTERNAL_ADDRESS);
        assertThat(code(after(policy(tcp("db.test")), "db.test", Stage.address("127.0.0.1"), "", CURL)))
                .isEqualTo(ReasonCode.SSRF_ALWAYS_BLOCKED);
    }
}
