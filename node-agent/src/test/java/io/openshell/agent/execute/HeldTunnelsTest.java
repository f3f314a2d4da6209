package io.openshell.agent.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.launcher.CatalogueSetting;
import io.openshell.agent.runtime.ExecRequest;
import io.openshell.agent.runtime.OutputListener;
import io.openshell.agent.runtime.ProcessSession;
import io.openshell.model.policy.NetworkEndpoint;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tunnels that several programs of a real sandbox open and leave open, each with its owner looked up among all the others. */
class HeldTunnelsTest {
    private static final int PROGRAMS = 4;
    private static final int EACH = 240;
    private static final String HOLD = """
            import os, socket, sys
            def tunnel():
                s = socket.create_connection(('10.200.0.1', 3128), 20)
                s.sendall(b'CONNECT held.test:80 HTTP/1.1\\r\\nHost: held.test:80\\r\\n\\r\\n')
                head = b''
                while not head.endswith(b'\\r\\n\\r\\nhello\\n'):
                    more = s.recv(200)
                    assert more, head
                    head += more
                assert head.startswith(b'HTTP/1.1 200'), head
                return s
            until, life = os.pipe()
            done, say = os.pipe()
            for i in range(%d):
                if os.fork() == 0:
                    os.close(life)
                    held = [tunnel() for n in range(%d)]
                    os.write(say, b'x')
                    os.read(until, 1)
                    for s in held:
                        s.sendall(b'ping')
                        assert s.recv(4) == b'ping'
                    os._exit(0)
            for i in range(%d): os.read(done, 1)
            print('open', flush=True)
            sys.stdin.read()
            os.close(life)
            sys.exit(sum(os.wait()[1] != 0 for i in range(%d)))
            """.formatted(PROGRAMS, EACH, PROGRAMS, PROGRAMS);
    private CapturedStage stage;

    @BeforeEach
    void open() throws Exception {
        stage = new CapturedStage(CatalogueSetting.onTheHost(), CapturedStage.policy(NetworkEndpoint.builder("held.test", 80).tls("skip").build()));
        stage.names.put("held.test", "93.184.216.34");
    }

    @AfterEach
    void close() throws Exception {
        if (stage != null) {
            stage.close();
        }
    }

    @Test
    void nearlyAThousandTunnelsOfSeveralProgramsOpenAndStayAndCarryBytes() throws Exception {
        ProcessSession holders = stage.box.exec(new ExecRequest(List.of("python3", "-c", HOLD), "", Map.of(), false, 80, 24));
        CountDownLatch open = new CountDownLatch(1);
        holders.attach(new OutputListener() {
            @Override
            public void onOutput(Stream stream, byte[] data) {
                if (new String(data, StandardCharsets.UTF_8).contains("open")) {
                    open.countDown();
                }
            }

            @Override
            public void onEnd() {}
        });
        assertThat(open.await(60, TimeUnit.SECONDS)).as("all open; so far: %s", stage.proxy.openTunnels()).isTrue();
        assertThat(stage.proxy.openTunnels()).isEqualTo(PROGRAMS * EACH);
        assertThat(stage.verdicts).hasSize(PROGRAMS * EACH).allMatch(v -> v.allowed() && v.binary().startsWith("/usr/bin/python3"));

        holders.closeInput();
        assertThat(holders.exit().toCompletableFuture().get(60, TimeUnit.SECONDS)).as("programs whose tunnels did not carry").isZero();
    }
}
