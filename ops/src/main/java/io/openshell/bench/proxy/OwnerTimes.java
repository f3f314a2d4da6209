package io.openshell.bench.proxy;

import io.openshell.proxy.CallerIdentification;
import io.openshell.proxy.Identified;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Times the look-up of a connection's owner, and after every tenth the usual way: the table of connections as text, then every
 * descriptor of every process of the machine. That drives all else out of the processor's caches, hence not after each.
 */
final class OwnerTimes implements CallerIdentification {
    private static final int LOOKUPS_PER_SCAN = 10;
    private final CallerIdentification subject;
    private StringBuilder text = new StringBuilder();
    private int wanted;

    OwnerTimes(CallerIdentification subject) {
        this.subject = subject;
    }

    /** Asks for the times of so many look-ups from now on, or for what was measured since: pairs, ours first, with 0 where the usual way was left out. */
    synchronized String measured(int next) {
        var last = text.toString();
        wanted = next;
        text = new StringBuilder();
        return "ok 0 0" + last;
    }

    @Override
    public CompletionStage<Identified> identify(InetSocketAddress workload, InetSocketAddress proxy) {
        if (!isWanted()) {
            return subject.identify(workload, proxy);
        }
        long begun = System.nanoTime();
        var found = subject.identifySoon(workload, proxy).<CompletionStage<Identified>>map(CompletableFuture::completedStage)
                .orElseGet(() -> subject.identify(workload, proxy));
        long ours = System.nanoTime() - begun;
        found.thenAccept(who -> {
            if (who instanceof Identified.Known known) {
                compare(known.pid(), workload, ours);
            }
        });
        return found;
    }

    @Override
    public Optional<Identified> identifySoon(InetSocketAddress workload, InetSocketAddress proxy) {
        return isWanted() ? Optional.empty() : subject.identifySoon(workload, proxy);
    }

    private synchronized boolean isWanted() {
        return wanted > 0;
    }

    private synchronized void compare(int pidInside, InetSocketAddress workload, long ours) {
        if (wanted > 0) {
            wanted--;
            text.append(' ').append(ours / 1_000.0).append(' ');
            if (wanted % LOOKUPS_PER_SCAN != 0) {
                text.append(0);
                return;
            }
            try {
                long begun = System.nanoTime();
                scan(workload);
                text.append((System.nanoTime() - begun) / 1_000.0);
            } catch (IOException e) {
                text.append(0);
                System.err.println("scanning for the owner of " + workload + ", who is " + pidInside + ": " + e);
            }
        }
    }

    private void scan(InetSocketAddress workload) throws IOException {
        var socket = "socket:[" + inode(workload) + "]";
        int owners = 0;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : all) {
                owners += holds(process, socket) ? 1 : 0;
            }
        }
        if (owners == 0) {
            throw new IOException("nobody holds " + socket);
        }
    }

    private volatile Path tables = Path.of("/proc/net");

    /** Says in which process's namespace the connections are. */
    void inside(long pid) {
        tables = Path.of("/proc/" + pid + "/net");
    }

    /** A connection of a program that knows only the newer sockets is in the second table, its address at the end of a longer one. */
    private long inode(InetSocketAddress workload) throws IOException {
        byte[] a = workload.getAddress().getAddress();
        var local = String.format(Locale.ROOT, "%02X%02X%02X%02X:%04X", a[3], a[2], a[1], a[0], workload.getPort());
        for (var table : new String[] {"tcp", "tcp6"}) {
            for (var line : Files.readAllLines(tables.resolve(table))) {
                var fields = line.trim().split(" +");
                if (fields[1].endsWith(local) && fields[3].equals("01")) {
                    return Long.parseLong(fields[9]);
                }
            }
        }
        throw new IOException("no connection from " + workload + " in " + tables);
    }

    private static boolean holds(Path process, String socket) {
        boolean found = false;
        try (DirectoryStream<Path> fds = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path fd : fds) {
                found |= socket.equals(target(fd));
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException ended) {
            return false;
        }
        return found;
    }

    private static String target(Path fd) {
        try {
            return Files.readSymbolicLink(fd).toString();
        } catch (IOException closed) {
            return "";
        }
    }
}
