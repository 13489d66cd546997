package org.postbus.benchmarks.load;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.postbus.benchmarks.remote.Elsewhere;
import org.postbus.benchmarks.remote.Sink;
import org.postbus.benchmarks.server.Server;

/** What goes before the data of each mail, from MAIL to DATA. */
interface Envelopes {

    /**
     * @param number of the mail in its session, counted from somewhere
     * @param intended when the mail was meant to begin
     */
    ByteBuffer of(int number, long intended);

    /** From nobody to accounts in turn, so many of them in each. */
    static Envelopes toAccounts(List<String> accounts, Mail mail, int recipients) {
        return inTurn(IntStream.range(0, accounts.size())
                .mapToObj(first -> text("", mail, IntStream.range(0, recipients)
                        .mapToObj(n -> accounts.get((first * recipients + n) % accounts.size()) + "@" + Server.DOMAIN).toList()))
                .toList());
    }

    /** From an account to one of a hundred recipients elsewhere, in so many domains. */
    static Envelopes elsewhere(Mail mail, int domains) {
        return inTurn(IntStream.range(0, 100)
                .mapToObj(n -> text(sender(), mail, List.of("user" + n + "@" + Elsewhere.domain(n % domains))))
                .toList());
    }

    /** From an account to a recipient elsewhere that tells the sink when the mail was meant to begin. */
    static Envelopes stamped(Mail mail) {
        return (number, intended) -> Mail.direct(text(sender(), mail,
                List.of(Sink.recipient(intended, Elsewhere.domain(Math.floorMod(number, Elsewhere.DOMAINS))))));
    }

    /** From an account to one recipient in each of the dead domains. */
    static Envelopes toTheDead(Mail mail) {
        return inTurn(List.of(text(sender(), mail, IntStream.range(0, Elsewhere.DEAD_DOMAINS)
                .mapToObj(n -> "user@" + Elsewhere.deadDomain(n)).toList())));
    }

    private static Envelopes inTurn(List<String> texts) {
        List<ByteBuffer> envelopes = texts.stream().map(Mail::direct).toList();
        return (number, intended) -> envelopes.get(number % envelopes.size());
    }

    private static String sender() {
        return Delivery.accounts().getFirst() + "@" + Server.DOMAIN;
    }

    private static String text(String reversePath, Mail mail, List<String> forwardPaths) {
        StringBuilder text = new StringBuilder("MAIL FROM:<" + reversePath + "> SIZE=" + mail.octets() + "\r\n");
        forwardPaths.forEach(path -> text.append("RCPT TO:<").append(path).append(">\r\n"));
        return text.append("DATA\r\n").toString();
    }
}
