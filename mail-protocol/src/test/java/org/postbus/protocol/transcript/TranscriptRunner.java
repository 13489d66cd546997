package org.postbus.protocol.transcript;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs the session of a transcript against a peer; an {@link AssertionError} shows the session so far. */
public final class TranscriptRunner {

    private final Transcript transcript;
    private final Peer peer;
    private final Chunking chunking;
    private final Duration deadline;
    private final Map<String, String> captures = new HashMap<>();
    private final List<String> dialog = new ArrayList<>();
    private final StringBuilder pending = new StringBuilder();
    private boolean closed;

    private TranscriptRunner(Transcript transcript, Peer peer, Chunking chunking, Duration deadline) {
        this.transcript = transcript;
        this.peer = peer;
        this.chunking = chunking;
        this.deadline = deadline;
    }

    /**
     * @param deadline how long one line of the server may take
     * @return the captured texts by name
     */
    public static Map<String, String> run(Transcript transcript, Peer peer, Chunking chunking, Duration deadline)
            throws IOException {
        TranscriptRunner runner = new TranscriptRunner(transcript, peer, chunking, deadline);
        runner.run();
        return Map.copyOf(runner.captures);
    }

    private void run() throws IOException {
        boolean skipping = false;
        for (Step step : transcript.steps()) {
            switch (step) {
                case Step.Send send -> send(send);
                case Step.Handshake ignored -> {
                    dialog.add("C: <tls>");
                    peer.handshake();
                }
                case Step.Expect expect -> expect(expect, skipping);
                case Step.ExpectClose close -> expectClose(close, skipping);
                case Step.ExpectLines ignored -> { }
            }
            skipping = step instanceof Step.ExpectLines;
        }
        if (!pending.isEmpty()) {
            throw mismatch(0, "nothing more", pending.toString());
        }
    }

    private void send(Step.Send send) throws IOException {
        dialog.add("C: " + visible(new String(send.octets(), StandardCharsets.ISO_8859_1)));
        for (byte[] piece : chunking.cut(send.octets())) {
            peer.send(piece);
        }
    }

    private void expect(Step.Expect expect, boolean skipping) throws IOException {
        while (true) {
            String line = nextLine(expect.line(), expect.pattern().toString());
            dialog.add("S: " + visible(line));
            if (expect.pattern().matches(line, captures)) {
                return;
            }
            if (!skipping) {
                throw mismatch(expect.line(), expect.pattern().toString(), line);
            }
        }
    }

    private void expectClose(Step.ExpectClose step, boolean skipping) throws IOException {
        while (!closed) {
            fill(step.line(), "<close>");
        }
        if (!pending.isEmpty() && !skipping) {
            throw mismatch(step.line(), "<close>", pending.toString());
        }
        pending.setLength(0);
    }

    private String nextLine(int at, String expected) throws IOException {
        int end;
        while ((end = pending.indexOf("\r\n")) < 0) {
            if (closed) {
                throw mismatch(at, expected, pending + "<close>");
            }
            fill(at, expected);
        }
        String line = pending.substring(0, end);
        pending.delete(0, end + 2);
        return line;
    }

    private void fill(int at, String expected) throws IOException {
        try {
            byte[] octets = peer.receive(deadline);
            closed = octets.length == 0;
            pending.append(new String(octets, StandardCharsets.ISO_8859_1));
        } catch (SocketTimeoutException silent) {
            throw mismatch(at, expected, pending + "<nothing more within " + deadline.toMillis() + " ms>");
        }
    }

    private AssertionError mismatch(int at, String expected, String actual) {
        return new AssertionError(transcript.name() + ", line " + at + "\nexpected: " + expected + "\nactual:   "
                + visible(actual) + "\nsession:\n  " + String.join("\n  ", dialog));
    }

    private static String visible(String text) {
        String shown = text.length() > 500 ? text.substring(0, 500) + "…" : text;
        return shown.replace("\r", "\\r").replace("\n", "\\n").replace("\0", "\\0");
    }
}
