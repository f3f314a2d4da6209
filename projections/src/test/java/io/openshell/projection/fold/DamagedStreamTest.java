package io.openshell.projection.fold;

import static io.openshell.projection.fold.TestCommands.create;
import static io.openshell.projection.fold.TestCommands.enforced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.openshell.log.LogRecord;
import io.openshell.log.kafka.Topics;
import io.openshell.model.Outcome;
import io.openshell.model.RejectionCode;
import io.openshell.model.StreamId;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.projection.history.Finding;
import io.openshell.projection.history.StreamAudit;
import io.openshell.projection.sandboxes.SandboxView;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What stands in the events topic past the deciders costs its own stream and no other. */
class DamagedStreamTest {
    final String workspace = "d-" + UUID.randomUUID();
    final StreamId damaged = StreamId.sandbox(workspace, "damaged");
    final StreamId whole = StreamId.sandbox(workspace, "whole");
    Gateway gateway;

    @BeforeEach
    void open() {
        gateway = new Gateway();
        gateway.asUser(damaged, create(damaged));
        gateway.asUser(whole, create(whole));
    }

    @AfterEach
    void close() {
        gateway.close();
        assertThat(gateway.stops).isEmpty();
    }

    @Test
    void foreignBytesLeaveAllOtherStreamsAlive() throws Exception {
        assertThat(gateway.asAgent(damaged, enforced())).isInstanceOf(Outcome.Applied.class);
        SandboxView last = view("damaged");
        damage(new byte[] {1, 2, 3});
        assertThat(gateway.asUser(damaged, new SandboxCommand.Stop()))
                .asInstanceOf(type(Outcome.Refused.class))
                .extracting(refused -> refused.rejection().code())
                .isEqualTo(RejectionCode.STREAM_POISONED);
        assertThat(view("damaged").state()).isEqualTo(last.state());
        assertThat(view("damaged").stopped()).as("the view says that it is not the newest").isPresent();
        assertThat(view("whole").stopped()).isEmpty();
        assertThat(gateway.asAgent(whole, enforced())).isInstanceOf(Outcome.Applied.class);
        assertThat(gateway.asUser(whole, new SandboxCommand.Stop())).isInstanceOf(Outcome.Applied.class);
        assertThat(gateway.fold.poisoned()).contains(damaged.toString()).doesNotContain(whole.toString());
    }

    @Test
    void aRestartComesToTheSameState() throws Exception {
        damage(new byte[] {1, 2, 3});
        SandboxView last = view("damaged");
        gateway.close();
        gateway = new Gateway();
        assertThat(view("damaged").state()).isEqualTo(last.state());
        assertThat(gateway.fold.poisoned()).contains(damaged.toString());
        assertThat(gateway.asAgent(whole, enforced())).isInstanceOf(Outcome.Applied.class);
    }

    @Test
    void bytesThatCannotBeReadDoNotHideTheRestOfTheHistory() throws Exception {
        List<LogRecord> good = gateway.records(Topics.EVENTS, damaged);
        damage(new byte[] {1, 2, 3});
        write(good.getLast().value());
        StreamAudit audit = gateway.history.audit(damaged, Await.LIMIT);
        assertThat(audit.entries()).hasSize(3);
        assertThat(audit.findings()).hasExactlyElementsOfTypes(Finding.Unreadable.class, Finding.Repeated.class);
        assertThat(gateway.history.of(damaged, Await.LIMIT)).isEqualTo(audit.entries());
        assertThat(gateway.history.audit(whole, Await.LIMIT).findings()).isEmpty();
    }

    @Test
    void anEventThatStandsInTheLogTwiceCountsOnce() throws Exception {
        List<LogRecord> good = gateway.records(Topics.EVENTS, damaged);
        write(good.getLast().value());
        assertThat(gateway.asAgent(damaged, enforced())).isInstanceOf(Outcome.Applied.class);
        assertThat(gateway.fold.poisoned()).doesNotContain(damaged.toString());
        assertThat(gateway.history.of(damaged, Await.LIMIT)).hasSize(6);
    }

    @Test
    void anEventUnderAnotherStreamsKeyChangesNeither() throws Exception {
        SandboxView before = view("whole");
        damage(gateway.records(Topics.EVENTS, whole).getLast().value());
        assertThat(view("whole")).isEqualTo(before);
        assertThat(gateway.asAgent(whole, enforced())).isInstanceOf(Outcome.Applied.class);
        assertThat(gateway.history.audit(damaged, Await.LIMIT).findings())
                .hasExactlyElementsOfTypes(Finding.Foreign.class);
    }

    private SandboxView view(String name) {
        return gateway.sandboxes.find(workspace, name).orElseThrow();
    }

    private void damage(byte[] value) throws Exception {
        long before = gateway.fold.setAside();
        write(value);
        Await.until("the record was set aside", () -> gateway.fold.setAside() > before);
    }

    private void write(byte[] value) throws Exception {
        int partition = gateway.records(Topics.EVENTS, damaged).getFirst().position().partition();
        gateway.writeEvent(partition, damaged.toString(), value);
    }
}
