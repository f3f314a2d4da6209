package io.openshell.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

class CommandTreeTest {

    @Test
    void onlyWhatTheLineNamesIsAdded() {
        assertThat(of("one", "deep").getSubcommands()).containsOnlyKeys("one", "o");
        assertThat(of("one", "deep").getSubcommands().get("one").getSubcommands()).containsOnlyKeys("deep");
    }

    @Test
    void aliasesNameACommandToo() {
        assertThat(of("o").getSubcommands()).containsOnlyKeys("one", "o");
    }

    @Test
    void everythingIsThereWhenNothingIsNamed() {
        assertThat(of("nope").getSubcommands()).containsOnlyKeys("one", "o", "two", "completions");
        assertThat(of("one").getSubcommands().get("one").getSubcommands()).containsOnlyKeys("deep", "other");
    }

    @Test
    void completionsSeeTheWholeTree() {
        CommandLine whole = of("completions", "bash");
        assertThat(whole.getSubcommands()).containsOnlyKeys("one", "o", "two", "completions");
        assertThat(whole.getSubcommands().get("one").getSubcommands()).containsOnlyKeys("deep", "other");
    }

    @Test
    void flagsForAllCommandsReachTheDeepest() {
        CommandLine line = of("one", "deep", "--loud");
        assertThat(line.execute("one", "deep", "--loud")).isZero();
        assertThat(((Root) line.getCommand()).loud).isTrue();
    }

    private static CommandLine of(String... words) {
        return new CommandTree(CommandLine.defaultFactory(), words).of(Root.class);
    }

    @Command(name = "root")
    @Group({One.class, Two.class, Completions.class})
    static final class Root {
        @Option(names = "--loud", scope = ScopeType.INHERIT)
        boolean loud;
    }

    @Command(name = "one", aliases = "o")
    @Group({Deep.class, Other.class})
    static final class One {}

    @Command(name = "two")
    static final class Two {}

    @Command(name = "completions")
    static final class Completions {}

    @Command(name = "deep")
    static final class Deep implements Runnable {
        @Override
        public void run() {}
    }

    @Command(name = "other")
    static final class Other {}
}
