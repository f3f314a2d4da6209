package io.openshell.proxy.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads complete heads strictly: what two readers could understand differently is refused. Pure. */
public final class HeadParser {
    private static final String END = "\r\n";

    private HeadParser() {}

    /**
     * Reads a request head.
     *
     * @param head its bytes, final empty line included
     * @return the head
     * @throws MalformedHttpException when anything about it is not strictly HTTP/1
     */
    public static RequestHead request(byte[] head) throws MalformedHttpException {
        var lines = lines(utf8(head));
        var start = lines.getFirst().split(" ", -1);
        if (start.length != 3) {
            throw new MalformedHttpException("the request line does not have three parts");
        }
        if (!Syntax.isToken(start[0])) {
            throw new MalformedHttpException("the method is not a token");
        }
        if (start[1].isEmpty() || !start[1].chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw new MalformedHttpException("the target has blanks, control or non-ASCII characters");
        }
        var fields = fields(lines);
        requireVersion(start[2]);
        requireHost(start[2], fields);
        requireConnectionOptions(fields);
        var framing = BodyFraming.of(fields, new BodyFraming.None());
        if (framing instanceof BodyFraming.Chunked && start[2].equals("HTTP/1.0")) {
            throw new MalformedHttpException("Transfer-Encoding in HTTP/1.0");
        }
        return new RequestHead(start[0], start[1], start[2], fields, framing);
    }

    /**
     * Reads a response head.
     *
     * @param head its bytes, final empty line included
     * @param requestMethod the method of the request answered, which decides whether a body follows
     * @return the head
     * @throws MalformedHttpException when anything about it is not strictly HTTP/1
     */
    public static ResponseHead response(byte[] head, String requestMethod) throws MalformedHttpException {
        // Servers still send Latin-1; read and written as that, their bytes pass unchanged.
        var lines = lines(new String(head, StandardCharsets.ISO_8859_1));
        var start = lines.getFirst();
        boolean shaped = start.length() >= 12
                && start.charAt(8) == ' '
                && Syntax.isDigits(start.substring(9, 12))
                && (start.length() == 12 || start.charAt(12) == ' ');
        if (!shaped) {
            throw new MalformedHttpException("the status line is malformed");
        }
        requireVersion(start.substring(0, 8));
        int status = Integer.parseInt(start.substring(9, 12));
        if (status < 100) {
            throw new MalformedHttpException("the status is out of range");
        }
        var fields = fields(lines);
        requireConnectionOptions(fields);
        var framing = BodyFraming.of(fields, new BodyFraming.UntilClose());
        boolean bodiless = requestMethod.equals("HEAD") || status < 200 || status == 204 || status == 304;
        var reason = start.length() > 13 ? start.substring(13) : "";
        return new ResponseHead(start.substring(0, 8), status, reason, fields, bodiless ? new BodyFraming.None() : framing);
    }

    private static String utf8(byte[] head) throws MalformedHttpException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(head)).toString();
        } catch (CharacterCodingException notUtf8) {
            throw new MalformedHttpException("the head is not UTF-8");
        }
    }

    private static List<String> lines(String text) throws MalformedHttpException {
        if (!text.endsWith(END + END)) {
            throw new MalformedHttpException("the head is not complete");
        }
        var lines = List.of(text.substring(0, text.length() - 4).split(END, -1));
        for (var line : lines) {
            if (line.isEmpty() || Syntax.hasControl(line)) {
                throw new MalformedHttpException("an empty line or a control character in the head");
            }
        }
        return lines;
    }

    private static List<Field> fields(List<String> lines) throws MalformedHttpException {
        var fields = new ArrayList<Field>();
        for (var line : lines.subList(1, lines.size())) {
            int colon = line.indexOf(':');
            if (Syntax.isBlank(line.charAt(0))) {
                throw new MalformedHttpException("a folded header line");
            }
            if (colon < 0 || !Syntax.isToken(line.substring(0, colon))) {
                throw new MalformedHttpException("a field name is not a token");
            }
            fields.add(new Field(line.substring(0, colon), Syntax.trim(line.substring(colon + 1))));
        }
        return fields;
    }

    private static void requireVersion(String version) throws MalformedHttpException {
        if (!version.equals("HTTP/1.1") && !version.equals("HTTP/1.0")) {
            throw new MalformedHttpException("the version is neither HTTP/1.0 nor HTTP/1.1");
        }
    }

    private static void requireHost(String version, List<Field> fields) throws MalformedHttpException {
        int hosts = Syntax.values(fields, "Host").size();
        if (hosts > 1 || hosts == 0 && version.equals("HTTP/1.1")) {
            throw new MalformedHttpException(hosts > 1 ? "more than one Host" : "no Host");
        }
    }

    private static void requireConnectionOptions(List<Field> fields) throws MalformedHttpException {
        for (var option : Syntax.members(fields, "Connection")) {
            boolean protectedField = option.equalsIgnoreCase("Host")
                    || option.equalsIgnoreCase("Content-Length")
                    || option.equalsIgnoreCase("Transfer-Encoding");
            if (!Syntax.isToken(option) || protectedField) {
                throw new MalformedHttpException("a Connection option that is not allowed");
            }
        }
    }
}
