package io.openshell.gateway.grpc;

import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** Makes two-word names of at most 19 characters for sandboxes whose user gave none. */
public final class NameGenerator {

    private static final int ATTEMPTS = 64;
    private static final List<String> FIRST = List.of(
            "amber", "brave", "calm", "clever", "cosmic", "crisp", "dapper", "eager", "fancy", "frosty", "gentle",
            "golden", "happy", "hidden", "icy", "jolly", "keen", "lively", "lucky", "mellow", "misty", "nimble",
            "noble", "plucky", "polite", "proud", "quiet", "rapid", "rosy", "rustic", "shiny", "silent", "snowy",
            "solar", "sturdy", "sunny", "swift", "tidy", "velvet", "witty");
    private static final List<String> SECOND = List.of(
            "acorn", "badger", "beacon", "breeze", "brook", "canyon", "cedar", "comet", "coral", "crane", "dune",
            "ember", "falcon", "fern", "finch", "fjord", "garnet", "glacier", "grove", "harbor", "heron", "island",
            "lagoon", "lantern", "lynx", "maple", "meadow", "nebula", "orchid", "otter", "pebble", "pine", "quartz",
            "raven", "reef", "river", "sparrow", "thicket", "tundra", "willow");

    private final RandomGenerator random;

    /** Draws from this source. */
    public NameGenerator(RandomGenerator random) {
        this.random = random;
    }

    /**
     * A name nobody uses.
     *
     * @throws Refusal when no free one was met; the user can still choose one
     */
    public String next(Predicate<String> taken) {
        for (int i = 0; i < ATTEMPTS; i++) {
            String name = FIRST.get(random.nextInt(FIRST.size())) + "-" + SECOND.get(random.nextInt(SECOND.size()));
            if (!taken.test(name)) {
                return name;
            }
        }
        throw Refusal.precondition("no generated name is free; give the sandbox a name");
    }
}
