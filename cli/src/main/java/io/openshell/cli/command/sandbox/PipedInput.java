package io.openshell.cli.command.sandbox;

import com.google.protobuf.ByteString;
import io.openshell.cli.CliException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Input that goes with the request. */
final class PipedInput {
    /** Largest input, in bytes. */
    static final int LIMIT = 4 * 1024 * 1024;

    private PipedInput() {}

    static ByteString read(InputStream in) {
        try {
            byte[] bytes = in.readNBytes(LIMIT + 1);
            if (bytes.length > LIMIT) {
                throw new CliException("the input is larger than 4 MiB; write it to a file in the sandbox instead.");
            }
            return ByteString.copyFrom(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the input", e);
        }
    }
}
