package org.postbus.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.postbus.benchmarks.server.Server;

/**
 * SMTP sessions that send mail after mail as relays do: the envelope and DATA in one write (RFC 2920), then the data
 * and its end in another.
 *
 * @param mail sent every time
 * @param recipients in each envelope
 * @param reused whether a session goes on with the next mail, or each mail has a connection of its own
 */
public record Delivery(int port, Mail mail, Envelopes envelopes, int recipients, boolean reused) {

    private static final ByteBuffer EHLO = Mail.direct("EHLO client.load.test\r\n");
    private static final ByteBuffer RSET = Mail.direct("RSET\r\n");
    private static final ByteBuffer QUIT = Mail.direct("QUIT\r\n");

    /** Names of the accounts that loads of SMTP alone deliver to. */
    static List<String> accounts() {
        return accounts("load", 100);
    }

    static List<String> accounts(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(n -> prefix + n).toList();
    }

    static Delivery to(Server server, Mail mail, int recipients, boolean reused) {
        return new Delivery(server.smtpPort(), mail, Envelopes.toAccounts(accounts(), mail, recipients), recipients, reused);
    }

    /** Sends so many messages to one account as fast as the server takes them. */
    public static void to(Server server, String account, int messages, int octets) throws IOException, InterruptedException {
        Mail mail = Mail.of(octets);
        Sessions sessions = new Sessions();
        new Delivery(server.smtpPort(), mail, Envelopes.toAccounts(List.of(account), mail, 1), 1, true)
                .run(sessions, Math.min(100, messages), Pace.times(messages));
        if (sessions.count() < messages) {
            throw new IOException(messages - sessions.count() + " of the mails for " + account + " were not accepted");
        }
    }

    void run(Sessions sessions, int connections, Pace pace) throws InterruptedException {
        sessions.run(connections, number -> {
            if (reused) {
                manyOnOne(sessions, number, pace);
            } else {
                oneEach(sessions, number, pace);
            }
        });
    }

    private void manyOnOne(Sessions sessions, int number, Pace pace) throws IOException {
        try (Wire wire = greet(ByteBuffer.allocateDirect(4096))) {
            int envelope = number;
            for (long intended = pace.next(); intended != Pace.END; intended = pace.next()) {
                send(wire, envelope++, intended, sessions);
            }
            quit(wire);
        }
    }

    private void oneEach(Sessions sessions, int number, Pace pace) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
        int envelope = number;
        for (long intended = pace.next(); intended != Pace.END; intended = pace.next()) {
            try (Wire wire = greet(buffer)) {
                send(wire, envelope++, intended, sessions);
                quit(wire);
            }
        }
    }

    private Wire greet(ByteBuffer buffer) throws IOException {
        Wire wire = Wire.connect(port, buffer);
        greet(wire);
        return wire;
    }

    /** Takes the greeting and says EHLO. */
    static void greet(Wire wire) throws IOException {
        int code = wire.reply();
        if (code == 220) {
            wire.write(EHLO);
            code = wire.reply();
        }
        if (code != 250) {
            wire.close();
            throw new IOException("refused with " + code);
        }
    }

    private void send(Wire wire, int envelope, long intended, Sessions sessions) throws IOException {
        wire.write(envelopes.of(envelope, intended));
        int code = 0;
        for (int replies = recipients + 2; replies > 0; replies--) {
            code = wire.reply();
        }
        if (code != 354) {
            sessions.refused();
            wire.write(RSET);
            wire.reply();
            return;
        }
        wire.write(mail.data());
        if (wire.reply() == 250) {
            sessions.done(intended);
        } else {
            sessions.refused();
        }
    }

    private static void quit(Wire wire) throws IOException {
        wire.write(QUIT);
        wire.reply();
    }
}
