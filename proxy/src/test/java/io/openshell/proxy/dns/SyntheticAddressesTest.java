package io.openshell.proxy.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.proxy.dns.SyntheticAddresses.Found;
import io.openshell.proxy.dns.SyntheticAddresses.Mapping;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SyntheticAddressesTest {
    private static final InetAddress REAL = address("10.1.2.3");
    private final SyntheticAddresses table = new SyntheticAddresses();

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static Mapping mapping(String name, long until) {
        return new Mapping(name, 1, Map.of(5432, List.of(REAL)), until);
    }

    private static String why(Found found) {
        assertThat(found).isInstanceOf(Found.Nowhere.class);
        return ((Found.Nowhere) found).why();
    }

    @Test
    void aNameKeepsItsAddressAndLeadsToWhatWasPinned() {
        InetAddress first = table.assign(mapping("a", 100), 0).orElseThrow();
        InetAddress other = table.assign(mapping("b", 100), 0).orElseThrow();
        assertThat(other).isNotEqualTo(first);
        assertThat(table.assign(mapping("a", 200), 50)).contains((java.net.Inet4Address) first);
        assertThat(table.find(first, 5432, 1, 150)).isEqualTo(new Found.Pinned("a", List.of(REAL)));
    }

    @Test
    void everyDoubtLeadsNowhereAndSaysWhy() {
        InetAddress known = table.assign(mapping("a", 100), 0).orElseThrow();
        assertThat(table.find(known, 5432, 1, 99)).isInstanceOf(Found.Pinned.class);
        assertThat(why(table.find(known, 5433, 1, 99))).startsWith("port_mismatch");
        assertThat(why(table.find(known, 5432, 2, 99))).startsWith("mapping_stale_policy");
        assertThat(why(table.find(known, 5432, 1, 100))).startsWith("mapping_expired");
        for (String strange : List.of("198.18.0.2", "198.18.4.1", "198.19.0.1", "10.1.2.3", "2001:db8::1", "198.18.0.0")) {
            assertThat(why(table.find(address(strange), 5432, 1, 0))).startsWith("mapping_missing");
        }
    }

    @Test
    void aFullTableTakesTheAddressThatEndedLongestAgoAndNeverOneInUse() {
        Set<InetAddress> given = new HashSet<>();
        for (int i = 0; i < SyntheticAddresses.MOST; i++) {
            given.add(table.assign(mapping("n" + i, 100 + i), 0).orElseThrow());
        }
        assertThat(given).hasSize(SyntheticAddresses.MOST);
        assertThat(table.assign(mapping("late", 500), 99)).isEmpty();
        assertThat(table.assign(mapping("n0", 5_000), 99)).as("one that is there already").isPresent();

        InetAddress freed = table.assign(mapping("late", 5_000), 101).orElseThrow();
        assertThat(given).contains(freed);
        assertThat(table.find(freed, 5432, 1, 102)).isEqualTo(new Found.Pinned("late", List.of(REAL)));
        assertThat(table.assign(mapping("n1", 5_000), 101)).as("the name whose address was taken").isEmpty();
    }
}
