package io.openshell.cli.command.replay;

import io.openshell.cli.CliException;
import io.openshell.wire.control.v1.ReplayActivity;
import io.openshell.wire.control.v1.ReplayHeader;
import io.openshell.wire.control.v1.ReplayRecord;
import io.openshell.wire.replay.ReplayReader;
import io.openshell.wire.replay.ReplayRefused;
import io.openshell.wire.replay.ReplaySteps;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A whole incident file, folded step by step.
 *
 * @param header what it is about
 * @param steps its events
 * @param activities its log lines
 */
record ReplayFile(ReplayHeader header, List<ReplaySteps.Step> steps, List<ReplayActivity> activities) {

    /** Reads and folds the file; refuses one that is damaged or of a newer release. */
    static ReplayFile read(Path path) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            ReplayReader reader = new ReplayReader(in);
            ReplaySteps folding = new ReplaySteps();
            List<ReplaySteps.Step> steps = new ArrayList<>();
            List<ReplayActivity> activities = new ArrayList<>();
            for (Optional<ReplayRecord> next = reader.next(); next.isPresent(); next = reader.next()) {
                if (next.get().hasEvent()) {
                    steps.add(folding.next(next.get().getEvent()));
                } else {
                    activities.add(next.get().getActivity());
                }
            }
            return new ReplayFile(reader.header(), steps, activities);
        } catch (ReplayRefused e) {
            throw new CliException(path + " cannot be used: " + e.getMessage() + ".");
        } catch (NoSuchFileException e) {
            throw new CliException("there is no file " + path + ".");
        } catch (IOException e) {
            throw new CliException("the file " + path + " cannot be read: " + e.getMessage());
        }
    }
}
