package io.openshell.gateway.process;

import io.vertx.core.json.JsonObject;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns each line of the process's own log into one JSON object: {@code time}, {@code level}, {@code logger},
 * {@code message}. A line without such a head, for example of a stack trace, has its text as the message alone.
 */
public final class JsonLines extends OutputStream {

    private static final int LONGEST = 65_536;
    private static final Pattern LINE = Pattern.compile("(\\S+T\\S+) (TRACE|DEBUG|INFO|WARN|ERROR) (\\S+) - (.*)", Pattern.DOTALL);

    private final PrintStream out;
    private final byte[] line = new byte[LONGEST];
    private int length;

    private JsonLines(PrintStream out) {
        this.out = out;
    }

    /** Makes standard error carry JSON from now on. */
    public static void install() {
        System.setErr(new PrintStream(new JsonLines(System.err), true, StandardCharsets.UTF_8));
    }

    @Override
    public synchronized void write(int b) {
        if (b == '\n') {
            end();
        } else if (length < LONGEST) {
            line[length++] = (byte) b;
        }
    }

    private void end() {
        String text = new String(line, 0, length, StandardCharsets.UTF_8);
        length = 0;
        if (!text.isBlank()) {
            out.println(json(text));
        }
    }

    static String json(String text) {
        Matcher head = LINE.matcher(text);
        JsonObject object = new JsonObject();
        if (head.matches()) {
            object.put("time", head.group(1)).put("level", head.group(2)).put("logger", head.group(3)).put("message", head.group(4));
        } else {
            object.put("message", text);
        }
        return object.encode();
    }
}
