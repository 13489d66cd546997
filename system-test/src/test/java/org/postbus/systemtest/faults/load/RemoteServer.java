package org.postbus.systemtest.faults.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The mail server of every domain elsewhere, in this process, so that no kill hits it. What it takes it writes down before it answers
 * 250. By chance it puts recipients and mails off, and ends connections after the final dot without a word, with the mail or without.
 */
public final class RemoteServer implements AutoCloseable {

    private static final int BACKLOG = 500;

    private final FaultLedger ledger;
    private final Random seeds;
    private final ServerSocket listening;
    private final Map<String, RemoteClient> clients = new ConcurrentHashMap<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    public RemoteServer(FaultLedger ledger, Random seeds) throws IOException {
        this.ledger = ledger;
        this.seeds = seeds;
        this.listening = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** What leads all relayed mail here. */
    public Map<String, String> settings() {
        return Map.of("delivery.routes.\"*\".host", "127.0.0.1",
                "delivery.routes.\"*\".port", String.valueOf(listening.getLocalPort()));
    }

    private RemoteClient client(String name) {
        return clients.computeIfAbsent(name, ignored -> new RemoteClient());
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listening.accept();
                Random random = new Random(seeds.nextLong());
                open.add(socket);
                Thread.ofVirtual().start(() -> {
                    try (socket) {
                        new RemoteSession(ledger, this::client, socket, random).run();
                    } catch (IOException e) {
                        // The session has written down how it ended.
                    } finally {
                        open.remove(socket);
                    }
                });
            }
        } catch (IOException e) {
            // Closed: nobody is to connect any more.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
