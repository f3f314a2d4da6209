package io.openshell.bench.figure;

import io.openshell.bench.Limit;
import io.openshell.bench.Recorder;
import io.openshell.bench.Row;
import io.openshell.ops.drill.FailOver;
import java.nio.file.Path;
import java.util.List;

/** From the kill of a busy gateway until the other one has acknowledged a command in every partition. */
public final class TakeOver {
    private TakeOver() {}

    /** So many kills, of two gateways in turn; their files are below the folder. */
    public static Row measure(Path home, int kills) throws Exception {
        Recorder recorder = new Recorder();
        try (FailOver gateways = new FailOver(home)) {
            gateways.start();
            for (int i = 0; i < kills; i++) {
                recorder.add(gateways.killAndWait());
            }
        }
        return new Row.Measured("kill of a gateway → next acknowledgement", "ms", List.of(new Limit.P99(3000)),
                Row.Values.of(recorder.samples()));
    }
}
