package org.postbus.protocol.remote;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;

/** A remote mail server on loopback: it listens where it is told, or at a free port, and does what its script wants. */
public final class RemoteMx implements AutoCloseable {

    private final String name;
    private final ServerSocket listening;
    private final List<String> keywords;
    private final Optional<SSLContext> certificate;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong said = new AtomicLong();
    private final Queue<ReceivedMail> mails = new ConcurrentLinkedQueue<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private volatile Script script;

    /** @param keywords of its answer to EHLO, without STARTTLS, which a certificate brings */
    public RemoteMx(String name, InetSocketAddress address, List<String> keywords, Optional<SSLContext> certificate, Script script) {
        this.name = name;
        this.keywords = List.copyOf(keywords);
        this.certificate = certificate;
        this.script = script;
        try {
            this.listening = new ServerSocket();
            listening.setReuseAddress(true);
            listening.bind(address, 1000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /** A server of today in clear text, at a free port of 127.0.0.1. */
    public static RemoteMx usual(Script script) {
        return new RemoteMx("mx.remote.test", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                List.of("PIPELINING", "SIZE 52428800", "8BITMIME", "SMTPUTF8", "DSN", "ENHANCEDSTATUSCODES"), Optional.empty(), script);
    }

    public int port() {
        return listening.getLocalPort();
    }

    public void script(Script next) {
        script = next;
    }

    /** Mails that it said 250 to, or would have, had the connection stood. */
    public List<ReceivedMail> mails() {
        return new ArrayList<>(mails);
    }

    public int connections() {
        return connections.get();
    }

    /** Octets that it could say in all sessions. */
    public long said() {
        return said.get();
    }

    /** Every command line of all sessions. */
    public List<String> heard() {
        return heard;
    }

    public String name() {
        return name;
    }

    List<String> keywords() {
        return keywords;
    }

    Optional<SSLContext> certificate() {
        return certificate;
    }

    Script script() {
        return script;
    }

    void heard(String line) {
        heard.add(line);
    }

    void said(int octets) {
        said.addAndGet(octets);
    }

    void took(ReceivedMail mail) {
        mails.add(mail);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listening.accept();
                open.add(socket);
                int number = connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket, number));
            }
        } catch (IOException e) {
            // Closed: nobody is to connect any more.
        }
    }

    private void serve(Socket socket, int number) {
        try {
            new RemoteSession(this, number, socket).run();
        } catch (IOException e) {
            // The other side ended it, which is its right.
        } finally {
            open.remove(socket);
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
