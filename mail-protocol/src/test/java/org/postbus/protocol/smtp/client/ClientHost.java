package org.postbus.protocol.smtp.client;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/** The host of one client engine: sends its mails one after the other and then QUIT, and writes down what happened. */
public final class ClientHost {

    /** A mail and its data. */
    public record Mail(OutboundMail envelope, byte[] data) {}

    public final SmtpClientEngine engine;
    private final Queue<Mail> mails;
    private final int piece;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    public final List<ClientAction.Outcomes> outcomes = new ArrayList<>();
    public final List<RemoteReply> tlsRefused = new ArrayList<>();
    public Optional<Failure> failure = Optional.empty();
    public boolean closed;
    public boolean handshaking;
    /** Actions that were handed out. */
    public long actions;
    private Optional<Mail> current = Optional.empty();
    private int given;

    /** @param piece octets of mail data that it gives at once, at most */
    public ClientHost(ClientSettings settings, List<Mail> mails, int piece) {
        this.engine = new SmtpClientEngine(settings);
        this.mails = new ArrayDeque<>(mails);
        this.piece = piece;
        pump();
    }

    public void receive(byte[] octets) {
        if (!closed) {
            engine.receive(octets, 0, octets.length);
            pump();
        }
    }

    public void receive(String text) {
        receive(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public void lose() {
        engine.connectionLost();
        pump();
    }

    public void tlsStarted() {
        handshaking = false;
        engine.tlsStarted();
        pump();
    }

    /** What was written since it was asked last. */
    public String written() {
        String text = written.toString(StandardCharsets.ISO_8859_1);
        written.reset();
        return text;
    }

    public void pump() {
        while (!closed) {
            actions++;
            switch (engine.next()) {
                case ClientAction.Write(var octets, var offset, var length) -> written.write(octets, offset, length);
                case ClientAction.NeedInput _ -> {
                    return;
                }
                case ClientAction.StartTls _ -> {
                    handshaking = true;
                    return;
                }
                case ClientAction.TlsRefused(var reply) -> tlsRefused.add(reply);
                case ClientAction.Ready _ -> ready();
                case ClientAction.NeedContent(var atMost) -> give(atMost);
                case ClientAction.Outcomes ended -> outcomes.add(ended);
                case ClientAction.Failed(var why) -> {
                    failure = Optional.of(why);
                    closed = true;
                }
                case ClientAction.Closed _ -> closed = true;
            }
        }
    }

    private void ready() {
        current = Optional.ofNullable(mails.poll());
        given = 0;
        current.ifPresentOrElse(mail -> engine.send(mail.envelope()), engine::quit);
    }

    private void give(int atMost) {
        byte[] data = current.orElseThrow().data();
        byte[] next = Arrays.copyOfRange(data, given, given + Math.min(piece, Math.min(atMost, data.length - given)));
        given += next.length;
        engine.content(next, 0, next.length);
    }

    /** The outcomes of a mail in one line. */
    public static String told(ClientAction.Outcomes ended) {
        return String.join(", ", ended.outcomes().stream().map(ClientHost::told).toList());
    }

    private static String told(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Relayed(var recipient, var reply) -> recipient.forwardPath() + " relayed " + reply.status();
            case Outcome.TemporaryFailure(var recipient, var why) -> recipient.forwardPath() + " temporary " + told(why);
            case Outcome.PermanentFailure(var recipient, var why) -> recipient.forwardPath() + " permanent " + told(why);
        };
    }

    private static String told(Failure why) {
        return why.status() + " " + why.scope() + (why.uncertain() ? " uncertain" : "");
    }
}
