package org.postbus.protocol.smtp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.postbus.protocol.address.ForwardPath;
import org.postbus.protocol.address.Mailbox;
import org.postbus.protocol.address.ReversePath;
import org.postbus.protocol.sasl.Credentials;
import org.postbus.protocol.tls.Tls;
import org.postbus.protocol.transcript.Given;
import org.postbus.protocol.transcript.Peer;
import org.postbus.protocol.transcript.Transcript;

/** The bare engine with a host that knows the domains and addresses of a transcript and answers at once. */
final class EnginePeer implements Peer {

    private final SmtpServerEngine engine;
    private final Set<String> domains = new TreeSet<>();
    private final Set<String> addresses = new TreeSet<>();
    private final Map<String, String> passwords = new HashMap<>();
    private final Map<String, List<String>> aliases = new HashMap<>();
    private String loggedIn = "";
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final ByteArrayOutputStream mail = new ByteArrayOutputStream();
    /** The data of every accepted mail. */
    final List<byte[]> accepted = new ArrayList<>();
    /** How many transactions ended without a mail. */
    int abandoned;
    private boolean closed;

    EnginePeer(Transcript transcript) {
        engine = new SmtpServerEngine(new SmtpServerSettings(
                transcript.config("postbus.hostname", "mx.example.org"),
                transcript.name().startsWith("submission/") ? SmtpService.SUBMISSION : SmtpService.MX,
                Boolean.parseBoolean(transcript.config("smtp.require-helo", "true")),
                Long.parseLong(transcript.config("smtp.max-message-size", "52428800")),
                Integer.parseInt(transcript.config("smtp.max-recipients", "1000")), 0, true, true), Optional.empty());
        transcript.givens().forEach(this::learn);
        pump();
    }

    private void learn(Given given) {
        switch (given) {
            case Given.Domain(var name) -> {
                domains.add(name);
                addresses.add("postmaster@" + name);
            }
            case Given.Account account -> {
                addresses.add(account.address());
                passwords.put(account.address(), account.password());
            }
            case Given.Alias alias -> {
                addresses.add(alias.address());
                aliases.put(alias.address(), alias.targets());
            }
            case Given.Config _, Given.Mail _ -> { }
        }
    }

    @Override
    public void send(byte[] octets) {
        if (!closed) {
            engine.receive(octets);
            pump();
        }
    }

    private void pump() {
        while (true) {
            switch (engine.next()) {
                case SmtpAction.Say(var reply) -> output.writeBytes(reply.octets());
                case SmtpAction.MailData(var octets, var offset, var length) -> mail.write(octets, offset, length);
                case SmtpAction.Abandon _ -> {
                    abandoned++;
                    mail.reset();
                }
                case SmtpAction.Close _ -> closed = true;
                case SmtpAction.StartTls _ -> { }
                case SmtpAction.AskCredentials(var offered) -> engine.answer(judge(offered));
                case SmtpAction.AskMail(var asked) -> engine.answer(judge(asked.reversePath()));
                case SmtpAction.AskRecipient(var _, var recipient) -> engine.answer(judge(recipient.forwardPath()));
                case SmtpAction.AskData _ -> engine.answer(Replies.START_DATA);
                case SmtpAction.AskAccept ask -> accept(ask);
                case SmtpAction.NeedInput _, SmtpAction.NeedAnswer _ -> {
                    return;
                }
            }
        }
    }

    private void accept(SmtpAction.AskAccept ask) {
        if (ask.octets() != mail.size()) {
            throw new AssertionError("octets: " + ask.octets() + ", given: " + mail.size());
        }
        accepted.add(mail.toByteArray());
        mail.reset();
        engine.answer(Replies.accepted(new UUID(0x7000L, accepted.size()).toString()));
    }

    private Reply judge(Credentials offered) {
        boolean right = offered.password().equals(passwords.get(offered.name()));
        loggedIn = right ? offered.name() : "";
        return right ? Replies.LOGGED_IN : Replies.CREDENTIALS_INVALID;
    }

    private Reply judge(ReversePath path) {
        boolean owned = loggedIn.isEmpty() || path.text().isEmpty() || path.text().equals(loggedIn)
                || aliases.getOrDefault(path.text(), List.of()).contains(loggedIn);
        return owned ? Replies.MAIL_OK : Replies.NOT_OWNED;
    }

    private Reply judge(ForwardPath path) {
        return switch (path) {
            case ForwardPath.Postmaster _ -> Replies.RECIPIENT_OK;
            case ForwardPath.Of(var mailbox) -> judge(mailbox);
        };
    }

    private Reply judge(Mailbox mailbox) {
        if (!domains.contains(mailbox.canonicalDomain())) {
            return Replies.RELAY_DENIED;
        }
        String base = mailbox.withoutSubaddress().orElse(mailbox).canonical();
        return addresses.contains(base) ? Replies.RECIPIENT_OK : Replies.UNKNOWN_RECIPIENT;
    }

    @Override
    public void handshake() {
        engine.secured(new Tls("TLSv1.3", "TLS_AES_128_GCM_SHA256"));
        pump();
    }

    @Override
    public byte[] receive(Duration deadline) throws IOException {
        if (output.size() == 0 && !closed) {
            throw new SocketTimeoutException();
        }
        byte[] octets = output.toByteArray();
        output.reset();
        return octets;
    }

    @Override
    public void close() {}
}
