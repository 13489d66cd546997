package org.postbus.protocol.smtp.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A client engine that a test drives step by step. */
final class ClientByHand {

    final SmtpClientEngine engine;
    private final TlsWish wish;

    ClientByHand(TlsWish wish) {
        this.wish = wish;
        engine = new SmtpClientEngine(new ClientSettings("mx.example.org", false, wish, Optional.empty()));
    }

    /** Up to the reply to EHLO; and where no TLS is wanted, until it is ready. */
    void greet(String announced) {
        receive("220 mx\r\n");
        assertEquals("EHLO mx.example.org\r\n", written());
        receive(announced);
        if (wish == TlsWish.NEVER) {
            assertInstanceOf(ClientAction.Ready.class, engine.next());
        }
    }

    void receive(String text) {
        byte[] octets = ("??" + text + "?").getBytes(StandardCharsets.ISO_8859_1);
        engine.receive(octets, 2, octets.length - 3);
    }

    void content(String text) {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        engine.content(octets, 0, octets.length);
    }

    /** All that is to be written before an action comes that comes again. */
    String written() {
        StringBuilder text = new StringBuilder();
        ClientAction action = engine.next();
        while (action instanceof ClientAction.Write write) {
            text.append(text(write));
            action = engine.next();
        }
        return text.toString();
    }

    static String text(ClientAction.Write write) {
        return new String(write.octets(), write.offset(), write.length(), StandardCharsets.ISO_8859_1);
    }

    List<Outcome> outcomes() {
        return ((ClientAction.Outcomes) engine.next()).outcomes();
    }

    Failure failure() {
        return ((ClientAction.Failed) engine.next()).failure();
    }

    Duration awaited() {
        return ((ClientAction.NeedInput) engine.next()).atMost();
    }

    static Failure permanent(Outcome outcome) {
        return ((Outcome.PermanentFailure) outcome).failure();
    }

    static Failure temporary(Outcome outcome) {
        return ((Outcome.TemporaryFailure) outcome).failure();
    }

    static OutboundMail mail(int octets, String... recipients) {
        return mail("", octets, recipients);
    }

    static OutboundMail mail(String reversePath, int octets, String... recipients) {
        return new OutboundMail(reversePath, Arrays.stream(recipients).map(OutboundRecipient::new).toList(), octets, false, false,
                Optional.empty(), Optional.empty());
    }
}
