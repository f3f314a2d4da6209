package io.openshell.bench.proxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Many processes that each have some connections open, as a script for any sandbox. */
final class Crowd {
    private Crowd() {}

    /**
     * Writes the script into this file, for everybody to read. It prints {@code ready} once all are there; they end with it. Arguments:
     * processes, sockets of each.
     */
    static Path script(Path file) throws IOException {
        return Files.writeString(file, """
                use IO::Socket::INET;
                my ($processes, $sockets) = @ARGV;
                $| = 1;
                pipe(my $until, my $life);
                pipe(my $done, my $say);
                for (1 .. $processes) {
                    next if fork;
                    close $life;
                    my $server = IO::Socket::INET->new(Listen => 64, LocalAddr => "127.0.0.1") or die $!;
                    my @open = map { IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => $server->sockport) or die $! } 2 .. $sockets;
                    syswrite $say, "x";
                    sysread $until, my $end, 1;
                    exit 0;
                }
                close $say;
                for (1 .. $processes) { sysread($done, my $one, 1) or die "a process failed"; }
                print "ready\\n";
                while (sysread STDIN, my $more, 1) { }
                """);
    }
}
