package org.postbus.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.postbus.benchmarks.server.Server;

/** One POP3 session on a connection; each command waits for its response. */
record Pop3(Wire wire) implements AutoCloseable {

    private static final ByteBuffer PASS = Mail.direct("PASS " + Server.PASSWORD + "\r\n");
    private static final ByteBuffer STAT = Mail.direct("STAT\r\n");
    private static final ByteBuffer LIST = Mail.direct("LIST\r\n");
    private static final ByteBuffer QUIT = Mail.direct("QUIT\r\n");

    /** What a session says over and over, made once. */
    static ByteBuffer user(String account) {
        return Mail.direct("USER " + account + "@" + Server.DOMAIN + "\r\n");
    }

    static ByteBuffer retr(int message) {
        return Mail.direct("RETR " + message + "\r\n");
    }

    static Pop3 connect(String source, int port, ByteBuffer buffer) throws IOException {
        return greeted(Wire.connect(source, port, buffer));
    }

    static Pop3 connect(int port, ByteBuffer buffer) throws IOException {
        return greeted(Wire.connect(port, buffer));
    }

    private static Pop3 greeted(Wire wire) throws IOException {
        Pop3 session = new Pop3(wire);
        if (!session.wire.ok()) {
            session.close();
            throw new IOException("refused a POP3 connection");
        }
        return session;
    }

    /** One login for each account, before anything is timed. */
    static void logInOnce(Server server, List<String> accounts) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
        for (String account : accounts) {
            try (Pop3 session = connect(server.pop3Port(), buffer)) {
                session.requireLogin(user(account));
                session.quit();
            }
        }
    }

    boolean logIn(ByteBuffer user) throws IOException {
        return say(user) && say(PASS);
    }

    void requireLogin(ByteBuffer user) throws IOException {
        if (!logIn(user)) {
            throw new IOException("the login was refused");
        }
    }

    boolean stat() throws IOException {
        return say(STAT);
    }

    boolean quit() throws IOException {
        return say(QUIT);
    }

    /** Octets of the listing. */
    long list() throws IOException {
        wire.write(LIST);
        return required(wire.multiLine(), "LIST");
    }

    /** Octets of the message. */
    long retrieve(ByteBuffer retr) throws IOException {
        wire.write(retr);
        return required(wire.multiLine(), "RETR");
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }

    private boolean say(ByteBuffer command) throws IOException {
        wire.write(command);
        return wire.ok();
    }

    private static long required(long octets, String command) throws IOException {
        if (octets < 0) {
            throw new IOException(command + " was refused");
        }
        return octets;
    }
}
