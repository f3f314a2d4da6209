package io.openshell.testkit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Tests with a gateway and a host outside that its sandboxes may talk to; those of one class share both. */
abstract class OriginCase {

    static GatewayFixture gateway;
    static Origin origin;
    static Sandboxes sandboxes;

    @BeforeAll
    static void start() {
        Host.assumeSandboxes();
        Host.assumeProgram("/usr/bin/curl");
        gateway = GatewayFixture.started();
        origin = Origin.up(gateway.scratch());
        sandboxes = new Sandboxes(gateway.client());
    }

    @AfterAll
    static void end() {
        if (origin != null) {
            origin.close();
            origin = null;
        }
        if (gateway != null) {
            gateway.close();
            gateway = null;
        }
    }
}
