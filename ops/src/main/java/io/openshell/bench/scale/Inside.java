package io.openshell.bench.scale;

import io.openshell.agent.execute.Running;
import io.openshell.agent.runtime.OutputListener;
import io.openshell.bench.Interleaved;
import io.openshell.bench.Plan;
import io.openshell.bench.Recorder;
import io.openshell.bench.Row;
import io.openshell.bench.ShellClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The same program on the same files, started by a shell inside a sandbox and by one outside. */
final class Inside {
    private static final String BOX = "overhead";
    private static final long LIMIT_SECONDS = 120;
    private static final String PREPARE = "git init -q . && git config user.email a@b && git config user.name a && i=0; "
            + "while [ $i -lt 400 ]; do mkdir -p d$((i % 20)); echo $i > d$((i % 20))/f$i; i=$((i+1)); done; "
            + "printf '#include <stdio.h>\\n#include <stdlib.h>\\n#include <string.h>\\n#include <math.h>\\n"
            + "int main(void) { puts(\"x\"); return (int) sqrt(strlen(getenv(\"HOME\"))); }\\n' > a.c; git add -A && git commit -qm all";
    private final Boxes boxes;
    private final Path workspace;
    private final ShellClock outside;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>(16);

    /** @param state folder of the sandboxes */
    Inside(Boxes boxes, Path state, ShellClock outside) {
        this.boxes = boxes;
        this.workspace = state.resolve("sandboxes").resolve(BOX).resolve("workspace");
        this.outside = outside;
    }

    List<Row> measure(int rounds) throws Exception {
        Running box = boxes.start(BOX, List.of("bash", "-c", ShellClock.LOOP));
        try {
            listen(box);
            inside(box, "cd /sandbox");
            List<Row> rows = new ArrayList<>();
            if (outside.run("command -v git && command -v gcc").status() != 0) {
                return List.of(new Row.Skipped("compile and git, inside and outside", "needs gcc and git"));
            }
            inside(box, PREPARE);
            outside.time("cd '" + workspace + "'");
            rows.add(row(box, "gcc -c", "gcc -c -O1 a.c -o /tmp/bench-$$.o && rm /tmp/bench-$$.o", rounds));
            rows.add(row(box, "git status", "git --no-optional-locks -c safe.directory='*' status --short", rounds));
            rows.add(row(box, "find", "find /usr/include /usr/lib/git-core -name '*.h'", rounds));
            return rows;
        } finally {
            outside.run("cd /");
            boxes.end(BOX);
        }
    }

    private Row row(Running box, String figure, String command, int rounds) throws Exception {
        Recorder in = new Recorder();
        Recorder out = new Recorder();
        List<Interleaved.Step> steps = List.of(() -> in.add(inside(box, command)), () -> out.add(outside.time(command)));
        Interleaved.run(Plan.warmUp(rounds), steps);
        in.clear();
        out.clear();
        Interleaved.run(rounds, steps);
        return new Row.Measured(figure + " in a sandbox", "ms", List.of(),
                Row.Values.against(in.samples(), new Row.Yardstick("outside", out.samples(), "")));
    }

    private void listen(Running box) {
        StringBuilder part = new StringBuilder();
        box.sandbox().main().attach(new OutputListener() {
            @Override
            public void onOutput(Stream stream, byte[] data) {
                part.append(new String(data, StandardCharsets.US_ASCII));
                for (int end = part.indexOf("\n"); end >= 0; end = part.indexOf("\n")) {
                    answers.offer(part.substring(0, end));
                    part.delete(0, end + 1);
                }
            }

            @Override
            public void onEnd() {
                answers.offer("1 0");
            }
        });
    }

    /** Milliseconds; fails unless the exit status is 0. */
    private double inside(Running box, String command) throws InterruptedException {
        byte[] line = (command + "\n").getBytes(StandardCharsets.US_ASCII);
        box.sandbox().main().writeInput(line, 0, line.length);
        String answer = answers.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (answer == null || !answer.startsWith("0 ")) {
            throw new IllegalStateException("inside, " + command + ": " + answer);
        }
        return Long.parseLong(answer.substring(2)) / 1000.0;
    }
}
