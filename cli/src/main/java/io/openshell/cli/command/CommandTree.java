package io.openshell.cli.command;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;

/**
 * Grows the tree of commands only where a command line goes: reading the annotations of all of them takes longer than most
 * commands. Below each command, the commands whose name stands somewhere on the line are added, or all when none does; so
 * parsing, help and suggestions are those of the whole tree.
 */
public final class CommandTree {
    /** Writes down the whole tree. */
    private static final String WHOLE = "completions";

    private final IFactory factory;
    private final Set<String> words;

    /** A tree for this command line. */
    public CommandTree(IFactory factory, String... line) {
        this.factory = factory;
        this.words = Set.copyOf(Arrays.asList(line));
    }

    /** The root with what the line can mean below it. */
    public CommandLine of(Class<?> root) {
        CommandLine line = new CommandLine(root, factory);
        grow(line, root);
        return line;
    }

    private void grow(CommandLine parent, Class<?> type) {
        Group group = type.getAnnotation(Group.class);
        if (group == null) {
            return;
        }
        for (Class<?> below : meant(group)) {
            CommandLine child = new CommandLine(below, factory);
            child.getCommandSpec().version(parent.getCommandSpec().version());
            // First hung up, then grown: flags for all commands are handed down a level at a time.
            parent.addSubcommand(child);
            grow(child, below);
        }
    }

    private List<Class<?>> meant(Group group) {
        List<Class<?>> all = List.of(group.value());
        if (words.contains(WHOLE)) {
            return all;
        }
        List<Class<?>> named = all.stream().filter(this::isNamed).toList();
        return named.isEmpty() ? all : named;
    }

    private boolean isNamed(Class<?> type) {
        Command command = type.getAnnotation(Command.class);
        return Stream.concat(Stream.of(command.name()), Stream.of(command.aliases())).anyMatch(words::contains);
    }
}
