package org.postbus.protocol.pop3;

import java.io.ByteArrayOutputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.postbus.protocol.sasl.Credentials;
import org.postbus.protocol.transcript.Peer;

/** The bare engine as a transcript's peer, with a host that answers each question at once. */
final class EnginePeer implements Peer {

    static final Pop3Policy POLICY = new Pop3Policy("pop3.example", true, true, Duration.ofSeconds(1), 100_000);

    private final TestMaildrop maildrop;
    private final Pop3Engine engine;
    private final int pieceOctets;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final List<Duration> waits = new ArrayList<>();
    private String account = "";
    private boolean utf8;
    private boolean closed;

    /** @param pieceOctets how large the pieces are in which messages come */
    EnginePeer(TestMaildrop maildrop, Pop3Policy policy, int pieceOctets) {
        this.maildrop = maildrop;
        this.engine = new Pop3Engine(policy, false);
        this.pieceOctets = pieceOctets;
        pump();
    }

    @Override
    public void send(byte[] octets) {
        if (!closed) {
            engine.receive(octets.clone());
            pump();
        }
    }

    @Override
    public void handshake() {
        engine.secured();
        pump();
    }

    @Override
    public byte[] receive(Duration deadline) throws SocketTimeoutException {
        if (said.size() == 0 && !closed) {
            throw new SocketTimeoutException();
        }
        byte[] octets = said.toByteArray();
        said.reset();
        return octets;
    }

    /** What the engine wanted to wait so far. */
    List<Duration> waits() {
        return waits;
    }

    private void pump() {
        while (!closed) {
            switch (engine.next()) {
                case Action.Send(byte[] octets) -> said.writeBytes(octets);
                case Action.NeedOctets ignored -> {
                    return;
                }
                case Action.NeedAnswer ignored -> {
                    // What comes before the handshake.
                    return;
                }
                case Action.StopContent ignored -> { }
                case Action.Close ignored -> closed = true;
                case Action.StartTls ignored -> {
                    return;
                }
                case Action.OpenMaildrop open -> open(open);
                case Action.FetchMessage fetch -> fetch(fetch);
                case Action.UpdateMaildrop(var deleted) -> {
                    maildrop.delete(account, deleted);
                    engine.updated();
                }
                case Action.Wait(Duration time) -> {
                    waits.add(time);
                    engine.waited();
                }
            }
        }
    }

    private void open(Action.OpenMaildrop open) {
        Credentials offered = open.credentials();
        utf8 = open.utf8();
        if (maildrop.accepts(offered.name(), offered.password())) {
            account = offered.name();
            engine.opened(new Snapshot(maildrop.snapshot(account)));
        } else {
            engine.notOpened(Refusal.CREDENTIALS);
        }
    }

    private void fetch(Action.FetchMessage fetch) {
        TestMaildrop.Stored message = maildrop.messages(account).get(fetch.number() - 1);
        byte[] octets = message.octets();
        if (message.isInternational() && !utf8) {
            engine.contentRefused(Refusal.NEEDS_UTF8);
            return;
        }
        engine.contentBegins();
        for (int at = 0; at < octets.length; at += pieceOctets) {
            engine.content(Arrays.copyOfRange(octets, at, Math.min(at + pieceOctets, octets.length)));
        }
        engine.contentEnds();
    }

    @Override
    public void close() { }
}
