package org.postbus.protocol.smtp.client;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.postbus.protocol.smtp.MailTransaction;
import org.postbus.protocol.smtp.Replies;
import org.postbus.protocol.smtp.SmtpAction;
import org.postbus.protocol.smtp.SmtpServerEngine;
import org.postbus.protocol.smtp.SmtpServerSettings;
import org.postbus.protocol.smtp.SmtpService;
import org.postbus.protocol.tls.Tls;

/** Our own server engine as the remote: takes every recipient but those whose local part begins with x. */
final class ServerHost {

    /** A mail that was accepted. */
    record Accepted(MailTransaction transaction, byte[] data) {}

    private final SmtpServerEngine engine = new SmtpServerEngine(
            new SmtpServerSettings("mx.remote.test", SmtpService.MX, true, 10_000_000, 1000, 0, true, false), Optional.empty());
    private final UnaryOperator<String> announcement;
    private final ByteArrayOutputStream mail = new ByteArrayOutputStream();
    final List<Accepted> accepted = new ArrayList<>();
    boolean handshaking;

    /** @param announcement changes what EHLO is answered with */
    ServerHost(UnaryOperator<String> announcement) {
        this.announcement = announcement;
    }

    void receive(String text) {
        engine.receive(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void secured() {
        handshaking = false;
        engine.secured(new Tls("TLSv1.3", "TLS_AES_128_GCM_SHA256"));
    }

    /** What it says next; empty where it waits. */
    String says() {
        StringBuilder said = new StringBuilder();
        while (true) {
            switch (engine.next()) {
                case SmtpAction.Say(var reply) ->
                        said.append(announcement.apply(new String(reply.octets(), StandardCharsets.ISO_8859_1)));
                case SmtpAction.MailData(var octets, var offset, var length) -> mail.write(octets, offset, length);
                case SmtpAction.Abandon _ -> mail.reset();
                case SmtpAction.StartTls _ -> handshaking = true;
                case SmtpAction.AskCredentials _ -> engine.answer(Replies.LOGGED_IN);
                case SmtpAction.AskMail _ -> engine.answer(Replies.MAIL_OK);
                case SmtpAction.AskRecipient(var _, var recipient) -> engine.answer(
                        recipient.forwardPath().text().startsWith("x") ? Replies.UNKNOWN_RECIPIENT : Replies.RECIPIENT_OK);
                case SmtpAction.AskData _ -> engine.answer(Replies.START_DATA);
                case SmtpAction.AskAccept(var transaction, var _) -> {
                    accepted.add(new Accepted(transaction, mail.toByteArray()));
                    mail.reset();
                    engine.answer(Replies.accepted("7"));
                }
                case SmtpAction.Close _, SmtpAction.NeedInput _, SmtpAction.NeedAnswer _ -> {
                    return said.toString();
                }
            }
        }
    }
}
