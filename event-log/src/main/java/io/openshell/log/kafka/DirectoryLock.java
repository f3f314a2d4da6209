package io.openshell.log.kafka;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Holds a broker's directory against every other process, and against this one. The kernel frees it on any death. */
final class DirectoryLock implements AutoCloseable {
    private static final String FILE = "broker.lock";

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    static DirectoryLock take(Path directory) throws BrokerStartFailed, IOException {
        Path file = directory.resolve(FILE);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw inUse(directory, "process " + Files.readString(file).strip());
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8)));
            return new DirectoryLock(channel);
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw inUse(directory, "this process");
        } catch (BrokerStartFailed | IOException e) {
            channel.close();
            throw e;
        }
    }

    private static BrokerStartFailed inUse(Path directory, String holder) {
        return new BrokerStartFailed(
                BrokerStartFailed.Reason.DIRECTORY_IN_USE,
                "The log's directory " + directory + " is held by a broker in " + holder + ".");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
