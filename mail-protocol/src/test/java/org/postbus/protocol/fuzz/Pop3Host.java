package org.postbus.protocol.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.postbus.protocol.pop3.Action;
import org.postbus.protocol.pop3.Pop3Engine;
import org.postbus.protocol.pop3.Pop3Policy;
import org.postbus.protocol.pop3.Refusal;
import org.postbus.protocol.pop3.Snapshot;
import org.postbus.protocol.sasl.SaslDialog;

/** The host of one POP3 engine over a maildrop of three messages; answers as the fuzzer's input says. */
final class Pop3Host {

    static final List<String> MESSAGES = List.of("Subject: one\r\n\r\n.\r\n..\r\nend", "", "X: 1\r\n\r\n" + "line\r\n".repeat(20) + "\r");
    private static final int LONGEST_LINE = SaslDialog.MAX_LINE;
    private static final int LONGEST_ANSWER = 400;

    /** All that a client or an operator could see of a session. */
    record Outcome(String said, List<String> questions, boolean closed) {}

    private final FuzzCase fuzzed;
    private final Pop3Engine engine;
    private final StringBuilder said = new StringBuilder();
    private final List<String> questions = new ArrayList<>();
    private boolean closed;
    private long received;

    private Pop3Host(FuzzCase fuzzed) {
        this.fuzzed = fuzzed;
        this.engine = new Pop3Engine(new Pop3Policy("pop3.example", true, !fuzzed.setting(0), Duration.ofSeconds(1), fuzzed.setting(1) ? 1 : 100),
                fuzzed.setting(3));
        pump();
    }

    static Outcome run(FuzzCase fuzzed, List<byte[]> pieces) {
        Pop3Host host = new Pop3Host(fuzzed);
        pieces.forEach(host::receive);
        return new Outcome(host.said.toString(), List.copyOf(host.questions), host.closed);
    }

    private void receive(byte[] octets) {
        if (!closed) {
            received += octets.length;
            engine.receive(octets.clone());
            pump();
            assertTrue(closed || Retained.line(engine) <= LONGEST_LINE, () -> "kept " + Retained.line(engine));
            assertTrue(said.length() <= LONGEST_ANSWER * (1 + received), () -> said.length() + " octets for " + received);
        }
    }

    private void pump() {
        while (!closed) {
            switch (engine.next()) {
                case Action.Send(byte[] octets) -> send(octets);
                case Action.NeedOctets _ -> {
                    return;
                }
                case Action.NeedAnswer _ -> throw new AssertionError("every question was answered");
                case Action.StopContent _ -> { }
                case Action.Close _ -> closed = true;
                // A client that never does the handshake: what it sends behind STLS is nobody's.
                case Action.StartTls _ -> closed = true;
                case Action.OpenMaildrop open -> open(open);
                case Action.FetchMessage fetch -> fetch(fetch);
                case Action.UpdateMaildrop(var deleted) -> update(deleted);
                case Action.Wait _ -> engine.waited();
            }
        }
    }

    private void send(byte[] octets) {
        assertTrue(octets.length <= 2 * Pop3Engine.PIECE_OCTETS, () -> "a piece of " + octets.length);
        said.append(new String(octets, StandardCharsets.ISO_8859_1));
    }

    private void open(Action.OpenMaildrop open) {
        if (agrees("open " + open.credentials().name() + " " + open.credentials().password() + (open.utf8() ? " UTF8" : ""))) {
            engine.opened(new Snapshot(snapshot()));
        } else {
            engine.notOpened(Refusal.values()[fuzzed.answers() % Refusal.values().length]);
        }
    }

    private void fetch(Action.FetchMessage fetch) {
        byte[] octets = MESSAGES.get(fetch.number() - 1).getBytes(StandardCharsets.ISO_8859_1);
        if (!agrees("fetch " + fetch)) {
            engine.contentRefused(Refusal.TEMPORARY);
            return;
        }
        engine.contentBegins();
        // A message that breaks off, where the input wants it.
        int end = fuzzed.setting(2) ? octets.length / 2 : octets.length;
        fuzzed.chunking().cut(Arrays.copyOf(octets, end)).forEach(engine::content);
        engine.contentEnds();
    }

    private void update(List<UUID> deleted) {
        if (agrees("update " + deleted)) {
            engine.updated();
        } else {
            engine.notUpdated();
        }
    }

    private boolean agrees(String question) {
        questions.add(question);
        return fuzzed.agrees(questions.size());
    }

    private static byte[] snapshot() {
        ByteBuffer snapshot = ByteBuffer.allocate(MESSAGES.size() * Snapshot.ENTRY_OCTETS);
        for (int i = 0; i < MESSAGES.size(); i++) {
            snapshot.putLong(0x7000L).putLong(i).putLong(MESSAGES.get(i).length());
        }
        return snapshot.array();
    }
}
