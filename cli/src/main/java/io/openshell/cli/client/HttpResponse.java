package io.openshell.cli.client;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Head of an HTTP/1.1 answer and its body with the transfer coding taken off.
 *
 * @param status HTTP status
 * @param headers names in lower case
 * @param body ends where the body ends
 */
record HttpResponse(int status, Map<String, String> headers, InputStream body) {
    private static final int MAX_LINE = 16 * 1024;
    private static final int MAX_HEADERS = 200;

    static HttpResponse read(InputStream in) throws IOException {
        String[] start = line(in).split(" ", 3);
        if (start.length < 2 || !start[0].startsWith("HTTP/1.") || !start[1].matches("[0-9]{3}")) {
            throw new IOException("the other side does not speak HTTP/1.1");
        }
        Map<String, String> headers = new HashMap<>();
        for (String next = line(in); !next.isEmpty(); next = line(in)) {
            int colon = next.indexOf(':');
            if (colon < 1 || headers.size() >= MAX_HEADERS) {
                throw new IOException("malformed HTTP header");
            }
            headers.put(next.substring(0, colon).toLowerCase(Locale.ROOT), next.substring(colon + 1).strip());
        }
        return new HttpResponse(Integer.parseInt(start[1]), headers, body(in, headers));
    }

    private static InputStream body(InputStream in, Map<String, String> headers) throws IOException {
        if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            return new Chunks(in);
        }
        String length = headers.get("content-length");
        if (length == null) {
            return in;
        }
        if (!length.matches("[0-9]{1,18}")) {
            throw new IOException("malformed content-length");
        }
        return new Counted(in, Long.parseLong(length));
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(80);
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection ended early");
            }
            if (line.size() >= MAX_LINE) {
                throw new IOException("HTTP line too long");
            }
            line.write(b);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /** A body of known length. */
    private static class Counted extends InputStream {
        final InputStream in;
        long left;

        Counted(InputStream in, long left) {
            this.in = in;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = in.read(to, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException("the connection ended early");
            }
            left -= count;
            return count;
        }
    }

    /** A body in chunks. */
    private static final class Chunks extends Counted {
        private boolean first = true;
        private boolean ended;

        Chunks(InputStream in) {
            super(in, 0);
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            if (left == 0 && !ended) {
                nextChunk();
            }
            return ended ? -1 : super.read(to, offset, length);
        }

        private void nextChunk() throws IOException {
            if (!first) {
                line(in);
            }
            first = false;
            String size = line(in).split(";", 2)[0].strip();
            if (!size.matches("[0-9A-Fa-f]{1,8}")) {
                throw new IOException("malformed chunk");
            }
            left = Long.parseLong(size, 16);
            if (left == 0) {
                ended = true;
                while (!line(in).isEmpty()) {
                    // Trailing headers carry nothing we need.
                    continue;
                }
            }
        }
    }
}
