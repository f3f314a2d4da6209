package io.openshell.model.egress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressClassTest {
    @ParameterizedTest
    @CsvSource({
        "172.15.0.1, PUBLIC", "172.16.0.1, INTERNAL", "172.31.255.255, INTERNAL", "172.32.0.1, PUBLIC",
        "100.64.0.1, INTERNAL", "100.128.0.1, PUBLIC", "fd00::1, INTERNAL", "fe80::1, ALWAYS_BLOCKED",
        "127.0.0.1, ALWAYS_BLOCKED", "127.255.0.1, ALWAYS_BLOCKED", "169.254.169.254, ALWAYS_BLOCKED", "0.0.0.0, ALWAYS_BLOCKED",
        "0.1.2.3, ALWAYS_BLOCKED", "::, ALWAYS_BLOCKED", "::1, ALWAYS_BLOCKED", "fd00:ec2::254, ALWAYS_BLOCKED",
        "10.0.0.1, INTERNAL", "192.168.1.1, INTERNAL", "192.0.2.1, INTERNAL", "198.18.0.1, INTERNAL", "198.51.100.1, INTERNAL",
        "203.0.113.1, INTERNAL", "255.255.255.255, INTERNAL", "240.0.0.1, INTERNAL", "224.0.0.1, ALWAYS_BLOCKED",
        "ff02::1, ALWAYS_BLOCKED", "8.8.8.8, PUBLIC", "2606:4700::1111, PUBLIC", "2001:db8::1, INTERNAL", "2001:0::1, INTERNAL",
        "::ffff:127.0.0.1, ALWAYS_BLOCKED", "::ffff:10.0.0.1, INTERNAL", "::ffff:8.8.8.8, PUBLIC",
        "64:ff9b::8.8.8.8, PUBLIC", "64:ff9b::10.0.0.1, INTERNAL", "64:ff9b::169.254.169.254, ALWAYS_BLOCKED",
        "64:ff9b:1::8.8.8.8, INTERNAL", "2002:7f00:1::, ALWAYS_BLOCKED", "2002:a00:1::1, INTERNAL", "2002:808:808::1, INTERNAL",
        "::127.0.0.1, ALWAYS_BLOCKED", "::10.0.0.1, INTERNAL", "::8.8.8.8, INTERNAL"})
    void everyAddressHasItsClass(String address, AddressClass expected) {
        assertThat(AddressClass.of(DestinationCheckTest.address(address))).isEqualTo(expected);
    }
}
