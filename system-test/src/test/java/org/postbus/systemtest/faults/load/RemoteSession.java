package org.postbus.systemtest.faults.load;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** One session of a {@link RemoteServer}, which by chance is no good one. */
final class RemoteSession {

    private static final String EHLO =
            "250-mx.elsewhere.test\r\n250-PIPELINING\r\n250-SIZE 52428800\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES";

    private final FaultLedger ledger;
    private final RandomGenerator random;
    private final InputStream in;
    private final OutputStream out;
    private final Function<String, RemoteClient> clients;
    private RemoteClient client = new RemoteClient();
    private final List<String> recipients = new ArrayList<>();

    /** What becomes of a mail whose final dot was read. */
    private enum End { TAKEN, PUT_OFF, TAKEN_AND_CLOSED, CLOSED }

    /** @param clients by their names */
    RemoteSession(FaultLedger ledger, Function<String, RemoteClient> clients, Socket socket, RandomGenerator random)
            throws IOException {
        this.ledger = ledger;
        this.clients = clients;
        this.random = random;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    void run() throws IOException {
        try {
            say("220 mx.elsewhere.test ESMTP");
            boolean open = true;
            while (open) {
                open = command(text(readLine()));
            }
        } catch (IOException e) {
            client.died();
            ledger.tally().event("connections to the remote broken");
            throw e;
        }
    }

    /** Whether the session goes on. */
    private boolean command(String line) throws IOException {
        String verb = line.split(" ")[0].toUpperCase(Locale.ROOT);
        switch (verb) {
            case "EHLO" -> {
                client = clients.apply(line);
                say(EHLO);
            }
            case "MAIL", "RSET" -> {
                recipients.clear();
                say("250 2.0.0 ok");
            }
            case "RCPT" -> say(recipient(line.substring(line.indexOf('<') + 1, line.indexOf('>'))));
            case "DATA" -> {
                if (!recipients.isEmpty()) {
                    say("354 go on");
                    return data();
                }
                say("554 5.5.1 no recipients");
            }
            case "NOOP" -> say("250 2.0.0 ok");
            case "QUIT" -> {
                say("221 2.0.0 bye");
                return false;
            }
            default -> say("500 5.5.2 what?");
        }
        return true;
    }

    private String recipient(String address) {
        if (Elsewhere.refuses(address)) {
            return "550 5.1.1 nobody of that name";
        }
        if (random.nextInt(20) == 0) {
            ledger.tally().event("recipients put off by the remote");
            return "450 4.2.1 not now";
        }
        recipients.add(address);
        return "250 2.1.5 ok";
    }

    private boolean data() throws IOException {
        Sighting sighting = new Sighting();
        for (byte[] line = readLine(); !text(line).equals("."); line = readLine()) {
            sighting.line(line[0] == '.' ? Arrays.copyOfRange(line, 1, line.length) : line);
        }
        return end(sighting, switch (random.nextInt(50)) {
            case 0 -> End.TAKEN_AND_CLOSED;
            case 1 -> End.CLOSED;
            case 2, 3 -> End.PUT_OFF;
            default -> End.TAKEN;
        });
    }

    private boolean end(Sighting sighting, End end) throws IOException {
        if (end == End.TAKEN || end == End.TAKEN_AND_CLOSED) {
            RemoteCopy copy = new RemoteCopy(client, end == End.TAKEN, System.nanoTime());
            ledger.taken(recipients, sighting, copy);
        }
        switch (end) {
            case TAKEN -> say("250 2.0.0 taken");
            case PUT_OFF -> {
                ledger.tally().event("mails put off by the remote");
                say("451 4.3.0 not now");
            }
            case TAKEN_AND_CLOSED, CLOSED -> ledger.tally().event("dots without a reply from the remote");
        }
        return end == End.TAKEN || end == End.PUT_OFF;
    }

    private void say(String reply) throws IOException {
        out.write((reply + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private static String text(byte[] line) {
        return new String(line, 0, line.length - 2, StandardCharsets.ISO_8859_1);
    }

    /** With its CRLF; a bare CR or LF is part of a line. */
    private byte[] readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        int before = -1;
        for (int octet = in.read(); octet >= 0; octet = in.read()) {
            line.write(octet);
            if (octet == '\n' && before == '\r') {
                return line.toByteArray();
            }
            before = octet;
        }
        throw new EOFException();
    }
}
