package io.openshell.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SandboxAuthorityTest {

    @Test
    void anAuthorityThatWasKeptSignsWithTheSameCertificate() throws Exception {
        SandboxAuthority first = SandboxAuthority.create();
        SandboxAuthority again = SandboxAuthority.restore(first.secret());
        assertThat(again.certificate()).isEqualTo(first.certificate());
        assertThat(again.serving("example.com")).as("a chain that the sandbox believes").isNotNull();
        assertThat(SandboxAuthority.restore(again.secret()).certificate()).isEqualTo(first.certificate());
        assertThat(SandboxAuthority.create().certificate()).isNotEqualTo(first.certificate());
    }

    @Test
    void whatIsNoSuchSecretIsRefused() throws Exception {
        byte[] secret = SandboxAuthority.create().secret();
        for (byte[] wrong : new byte[][] {{}, {1}, Arrays.copyOf(secret, 20), new byte[200]}) {
            assertThatThrownBy(() -> SandboxAuthority.restore(wrong)).isInstanceOf(GeneralSecurityException.class);
        }
    }
}
