package io.openshell.agent.docker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The first process of containers: the host's own small program where it needs no libraries, so that an image needs
 * nothing for it, else the image's shell. It waits, and collects processes that nobody else collects.
 *
 * @param command program and arguments
 * @param file host file to be shown inside; empty when the image has the program
 */
record ContainerInit(List<String> command, String file) {
    private static final List<Path> KNOWN = List.of(Path.of("/usr/bin/catatonit"), Path.of("/usr/libexec/podman/catatonit"));
    private static final int ELF_CLASS_64 = 2;
    private static final int INTERPRETER = 3;
    private static final int HEADER_BYTES = 4096;

    static ContainerInit ofMachine() {
        for (Path program : KNOWN) {
            if (Files.isExecutable(program) && needsNoLibraries(program)) {
                return new ContainerInit(List.of(ContainerSpec.INIT_INSIDE, "-P"), program.toString());
            }
        }
        // An ignored SIGCHLD outlives exec, so the kernel collects. Not every sleep knows "infinity".
        return new ContainerInit(List.of("/bin/sh", "-c", "trap \"\" CHLD; exec sleep 2147483647"), "");
    }

    static boolean needsNoLibraries(Path program) {
        try (SeekableByteChannel in = Files.newByteChannel(program)) {
            ByteBuffer b = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            while (b.hasRemaining() && in.read(b) >= 0) {
                // until there is enough, or no more
            }
            b.flip();
            if (b.limit() < 64 || b.getInt(0) != 0x464c457f || b.get(4) != ELF_CLASS_64) {
                return false;
            }
            long table = b.getLong(32);
            int entryBytes = b.getShort(54) & 0xffff;
            int entries = b.getShort(56) & 0xffff;
            for (int i = 0; i < entries; i++) {
                long at = table + (long) i * entryBytes;
                if (at + 4 > b.limit() || b.getInt((int) at) == INTERPRETER) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false; // not readable, so not usable
        }
    }
}
