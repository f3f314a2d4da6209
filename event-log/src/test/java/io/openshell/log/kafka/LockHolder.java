package io.openshell.log.kafka;

import java.nio.file.Path;

/** A process that holds the lock of a directory until it is killed. */
final class LockHolder {
    private LockHolder() {}

    public static void main(String[] args) throws Exception {
        try (DirectoryLock lock = DirectoryLock.take(Path.of(args[0]))) {
            System.out.println("held");
            int ignored = System.in.read();
        }
    }
}
