package io.openshell.agent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.sandbox.Phase;
import io.openshell.model.sandbox.SandboxCommand;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PausesTest {
    private static final Optional<String> HELD = Optional.of("its container was paused by somebody outside");
    private static final Optional<String> FREE = Optional.empty();

    private static Run.Started started(String instance) {
        return new Run.Started(SandboxStream.enforcement(1, instance), 1, Optional.empty(), Optional.empty());
    }

    @Test
    void aPauseIsToldUntilTheLogHasItAndSoIsItsEndAndEachIsAFactOfItsOwn() {
        SandboxStream stream = SandboxStream.at(Phase.READY);
        assertThat(Pauses.due(stream.live(), started("i1"), FREE)).isEmpty();
        Step.Report first = Pauses.due(stream.live(), started("i1"), HELD).orElseThrow();
        assertThat(first.command()).isEqualTo(new SandboxCommand.ReportPause(1, "i1", HELD));
        stream.node((SandboxCommand) first.command());
        assertThat(Pauses.due(stream.live(), started("i1"), HELD)).isEmpty();
        Step.Report end = Pauses.due(stream.live(), started("i1"), FREE).orElseThrow();
        assertThat(end.command()).isEqualTo(new SandboxCommand.ReportPause(1, "i1", FREE));
        stream.node((SandboxCommand) end.command());
        assertThat(Pauses.due(stream.live(), started("i1"), FREE)).isEmpty();
        assertThat(Pauses.due(stream.live(), started("i1"), HELD).orElseThrow().fact()).isNotEqualTo(first.fact());
    }

    @ParameterizedTest
    @EnumSource(value = Phase.class, mode = EnumSource.Mode.EXCLUDE, names = "READY")
    void onlyWhatTheLogHasAsRunningCanBePaused(Phase phase) {
        assertThat(Pauses.due(SandboxStream.in(phase), started("i1"), HELD)).isEmpty();
    }

    @Test
    void anotherRunThanTheLogsIsNotToldOfAsPaused() {
        assertThat(Pauses.due(SandboxStream.in(Phase.READY), started("i9"), HELD)).isEmpty();
        assertThat(Pauses.due(SandboxStream.in(Phase.READY), new Run.Absent(), HELD)).isEmpty();
    }
}
