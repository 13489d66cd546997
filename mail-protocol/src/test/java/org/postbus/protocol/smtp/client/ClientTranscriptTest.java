package org.postbus.protocol.smtp.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postbus.protocol.sasl.Credentials;
import org.postbus.protocol.smtp.Notify;
import org.postbus.protocol.smtp.Return;
import org.postbus.protocol.transcript.Chunking;
import org.postbus.protocol.transcript.Given;
import org.postbus.protocol.transcript.Step;
import org.postbus.protocol.transcript.Transcript;
import org.postbus.protocol.transcript.Transcripts;

/**
 * Every transcript of the client half, however the remote's octets are cut. Here the remote's lines are given and the client's are
 * expected, octet for octet: {@code S:} is what the remote says, {@code S: <close>} that it hangs up, {@code C: <close>} that the
 * client does. {@code given: mail} is a mail to send, its recipients separated by commas; {@code given: config} names settings, and
 * what is to come of it: {@code outcomes} of all mails, {@code failure} of the connection.
 */
class ClientTranscriptTest {

    private static final String CLOSE = "<close>\r\n";

    static Stream<Transcript> transcripts() {
        return Transcripts.under("smtp-client").stream();
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void whole(Transcript transcript) {
        run(transcript, Chunking.WHOLE, Integer.MAX_VALUE);
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void octetByOctet(Transcript transcript) {
        run(transcript, Chunking.OCTETS, 1);
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void splitAtEveryPoint(Transcript transcript) {
        for (int point = 1; point < 300; point++) {
            run(transcript, Chunking.splitAt(point), point);
        }
    }

    private static void run(Transcript transcript, Chunking chunking, int piece) {
        ClientHost host = new ClientHost(settings(transcript), mails(transcript), piece);
        StringBuilder said = new StringBuilder();
        for (Step step : transcript.steps()) {
            if (!(step instanceof Step.Expect)) {
                deliver(host, said, chunking);
            }
            switch (step) {
                case Step.Expect(var _, var pattern) -> said.append(pattern.text()).append("\r\n");
                case Step.Send(var line, var octets) -> expect(host, text(octets), transcript + ", line " + line);
                case Step.Handshake(var line) -> {
                    assertTrue(host.handshaking, transcript + ", line " + line);
                    host.tlsStarted();
                }
                case Step.ExpectClose _ -> host.lose();
                case Step.ExpectLines _ -> throw new IllegalArgumentException("the remote's lines are all given");
            }
        }
        assertEquals("", host.written(), transcript::name);
        assertEquals(transcript.config("outcomes", ""), String.join(" / ", host.outcomes.stream().map(ClientHost::told).toList()));
        assertEquals(transcript.config("failure", ""), host.failure.map(why -> why.status() + " " + why.scope()).orElse(""));
        assertEquals(transcript.config("tls-refused", ""), String.join("", host.tlsRefused.stream().map(RemoteReply::line).toList()));
    }

    private static void deliver(ClientHost host, StringBuilder said, Chunking chunking) {
        chunking.cut(said.toString().getBytes(StandardCharsets.ISO_8859_1)).forEach(host::receive);
        said.setLength(0);
    }

    private static void expect(ClientHost host, String text, String where) {
        boolean closes = text.endsWith(CLOSE);
        assertEquals(closes ? text.substring(0, text.length() - CLOSE.length()) : text, host.written(), where);
        assertEquals(closes, host.closed, where);
        assertFalse(host.handshaking, where);
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    private static ClientSettings settings(Transcript transcript) {
        String login = transcript.config("login", "");
        return new ClientSettings("mx.example.org", Boolean.parseBoolean(transcript.config("tls", "false")),
                TlsWish.valueOf(transcript.config("tls-wish", "NEVER")),
                login.isEmpty() ? Optional.empty() : Optional.of(new Credentials(login.split(" ")[0], login.split(" ")[1])));
    }

    private static List<ClientHost.Mail> mails(Transcript transcript) {
        return transcript.givens().stream().filter(Given.Mail.class::isInstance).map(Given.Mail.class::cast)
                .map(mail -> mail(transcript, mail)).toList();
    }

    private static ClientHost.Mail mail(Transcript transcript, Given.Mail mail) {
        byte[] data = mail.text().getBytes(StandardCharsets.ISO_8859_1);
        boolean eightBit = mail.text().chars().anyMatch(c -> c > 0x7F);
        return new ClientHost.Mail(new OutboundMail(transcript.config("reverse-path", "jones@example.org"),
                Stream.of(mail.recipient().split(",")).map(path -> recipient(transcript, path)).toList(), data.length, eightBit,
                Boolean.parseBoolean(transcript.config("utf8-header", "false")),
                Optional.of(transcript.config("ret", "")).filter(ret -> !ret.isEmpty()).map(Return::valueOf),
                Optional.of(transcript.config("envid", "")).filter(id -> !id.isEmpty())), data);
    }

    private static OutboundRecipient recipient(Transcript transcript, String path) {
        String notify = transcript.config("notify", "");
        String orcpt = transcript.config("orcpt", "");
        Optional<Set<Notify>> notifyOn = switch (notify) {
            case "" -> Optional.empty();
            case "NEVER" -> Optional.of(Set.of());
            default -> Optional.of(Stream.of(notify.split(",")).map(Notify::valueOf).collect(Collectors.toSet()));
        };
        return new OutboundRecipient(path, notifyOn, Optional.of(orcpt).filter(address -> !address.isEmpty()));
    }
}
