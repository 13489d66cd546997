package org.postbus.benchmarks.server;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.postbus.benchmarks.remote.Elsewhere;

/** A mail server under load: SMTP in, maildrops, POP3 out, or SMTP out. Each start of it begins with empty state. */
public interface Server extends AutoCloseable {

    String DOMAIN = "load.test";
    String PASSWORD = "load-test-secret";
    /** The longest wait for what a server still does after a load. */
    Duration SETTLES = Duration.ofSeconds(20);

    /** Short and without blanks; the key of its figures. */
    String name();

    /** Versions, and what is set otherwise than by default, with the reason: one line each. */
    List<String> description();

    /** Returns once it accepts connections. */
    void start() throws IOException, InterruptedException;

    /** Stops it in order and starts it on the same state. */
    void restart() throws IOException, InterruptedException;

    int smtpPort();

    int pop3Port();

    /** Who takes the mail that it relays. */
    Elsewhere elsewhere();

    /** Makes those of the accounts that are missing; each is a local part, with {@link #PASSWORD}. */
    void prepare(List<String> accounts) throws IOException, InterruptedException;

    /**
     * Mails visible in maildrops since the start.
     *
     * @param recipients of each of them
     */
    long filed(int recipients) throws IOException, InterruptedException;

    /**
     * How often an attempt has left a recipient elsewhere in the queue since the start; nothing for a server that does not tell.
     */
    default OptionalLong deferrals() throws IOException, InterruptedException {
        return OptionalLong.empty();
    }

    /** Puts messages into an account's maildrop by the fastest way there is. */
    void fill(String account, int messages, int octets) throws IOException, InterruptedException;

    /** Removes what the server can make again from the messages. Returns false if it keeps nothing of the kind. */
    boolean loseIndexes(String account) throws IOException;

    /** Ends what is kept from former sessions for the next ones, such as processes that wait for a client. */
    void forgetSessions() throws IOException, InterruptedException;

    Memory memory() throws IOException, InterruptedException;

    /** Stops it and removes its state. */
    @Override
    void close() throws IOException, InterruptedException;

    /**
     * Octets, after a garbage collection where there is one.
     *
     * @param resident of all its processes, shared pages counted once
     * @param heap in use; 0 for a server without
     */
    record Memory(long resident, long heap) {}
}
