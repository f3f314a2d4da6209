package io.openshell.gateway.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.gateway.archive.ArchiveStreams.Appended;
import io.openshell.gateway.query.EventJson;
import io.openshell.gateway.time.FakeLog;
import io.openshell.log.LogRecord;
import io.openshell.model.StreamId;
import io.openshell.model.sandbox.SandboxEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules the archive stands on, asked of a real server. */
class RealEventStoreTest {

    @TempDir
    Path folder;

    @Test
    void theSameEventsAtTheSamePlaceAreDoneAndOthersAreToldWhereTheStreamEnds() throws Exception {
        String url = System.getenv("ESDB_URL");
        Assumptions.assumeTrue(url != null, "needs a real EventStoreDB: ESDB_URL names none");
        FakeLog log = new FakeLog();
        StreamId stream = StreamId.sandbox("default", "t" + UUID.randomUUID());
        for (int i = 0; i < 3; i++) {
            log.write(stream, "ada", new SandboxEvent.StopRequested(i));
        }
        List<ArchivedEvent> events = log.all().stream().map((LogRecord each) -> ArchivedEvent.of(each, EventJson::of)).toList();

        try (ArchiveStreams streams = EventStoreStreams.of(Files.writeString(folder.resolve("connection"), url))) {
            assertThat(append(streams, events.subList(0, 2))).isEqualTo(new Appended.Done());
            assertThat(append(streams, events.subList(0, 2))).isEqualTo(new Appended.Done());
            assertThat(append(streams, events)).isEqualTo(new Appended.EndsElsewhere(1));
            assertThat(append(streams, events.subList(2, 3))).isEqualTo(new Appended.Done());
        }
    }

    private static Appended append(ArchiveStreams streams, List<ArchivedEvent> events) throws Exception {
        return streams.append(events).get(20, TimeUnit.SECONDS);
    }
}
