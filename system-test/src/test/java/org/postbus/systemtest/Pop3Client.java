package org.postbus.systemtest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A plain POP3 client. */
public final class Pop3Client extends LineClient {

    /** Takes a message line by line, dots unstuffed, CRLF included. */
    @FunctionalInterface
    public interface Lines {
        void line(byte[] octets);
    }

    /** A line of UIDL. */
    public record Listed(int number, String uniqueId) {}

    /** A message that is not what was listed. */
    public static final class DamagedMessage extends RuntimeException {

        private static final long serialVersionUID = 1L;

        public DamagedMessage(String message) {
            super(message);
        }
    }

    private boolean inside;

    public Pop3Client(int port) throws IOException {
        super(port);
        try {
            require(line());
        } catch (IOException | AssertionError e) {
            close();
            throw e;
        }
    }

    /** Logs in; where that is refused, the connection is closed. */
    public Pop3Client logIn(String name, String password) throws IOException {
        try {
            command("USER " + name);
            command("PASS " + password);
            return this;
        } catch (IOException | AssertionError e) {
            close();
            throw e;
        }
    }

    /** Sends a command whose response must be +OK and returns the response's line. */
    public String command(String line) throws IOException {
        send(line);
        return require(line());
    }

    /** Whether a response of several lines has begun and not ended. */
    public boolean isInsideResponse() {
        return inside;
    }

    /** Message-number by unique-id, in listing order; fails where a unique-id is listed twice. */
    public Map<String, Integer> uidl() throws IOException {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        for (Listed listed : listing()) {
            if (numbers.put(listed.uniqueId(), listed.number()) != null) {
                throw new AssertionError("listed twice: " + listed.uniqueId());
            }
        }
        return numbers;
    }

    /** What UIDL lists, also what it must not list twice. */
    public List<Listed> listing() throws IOException {
        command("UIDL");
        List<Listed> listing = new ArrayList<>();
        for (String line : lines()) {
            String[] words = line.split(" ");
            listing.add(new Listed(Integer.parseInt(words[0]), words[1]));
        }
        return listing;
    }

    /** One message, which must have exactly as many octets as LIST says. */
    public String retrieve(int number) throws IOException {
        StringBuilder text = new StringBuilder();
        retrieve(number, line -> text.append(new String(line, StandardCharsets.ISO_8859_1)));
        return text.toString();
    }

    public void retrieve(int number, Lines lines) throws IOException {
        long listed = Long.parseLong(command("LIST " + number).split(" ")[2]);
        command("RETR " + number);
        inside = true;
        long octets = 0;
        for (byte[] line = lineOctets(); !isEnd(line); line = lineOctets()) {
            byte[] unstuffed = line[0] == '.' ? java.util.Arrays.copyOfRange(line, 1, line.length) : line;
            octets += unstuffed.length;
            lines.line(unstuffed);
        }
        inside = false;
        if (octets != listed) {
            throw new DamagedMessage("LIST says " + listed + " octets, RETR sent " + octets);
        }
    }

    private List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        inside = true;
        for (String line = line(); !line.equals("."); line = line()) {
            lines.add(line);
        }
        inside = false;
        return lines;
    }

    private static boolean isEnd(byte[] line) {
        return line.length == 3 && line[0] == '.';
    }

    private static String require(String response) {
        if (!response.startsWith("+OK")) {
            throw new AssertionError("expected +OK, got " + response);
        }
        return response;
    }
}
