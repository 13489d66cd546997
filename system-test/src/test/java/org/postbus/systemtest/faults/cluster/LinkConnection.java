package org.postbus.systemtest.faults.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** One connection through a link: a thread for each direction. */
final class LinkConnection {

    private static final int PIECE = 32 * 1024;

    private final Link link;
    private final Socket client;
    private final Socket server;
    private final CommitSpotter commits = new CommitSpotter();
    private volatile boolean cutting;

    LinkConnection(Link link, Socket client, Socket server) throws IOException {
        this.link = link;
        this.client = client;
        this.server = server;
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
    }

    void start() {
        Thread.ofVirtual().start(() -> pump(client, server, true));
        Thread.ofVirtual().start(() -> pump(server, client, false));
    }

    void reset() {
        reset(client);
        reset(server);
        link.ended(this);
    }

    static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It is gone, which is what was wanted.
        }
    }

    private void pump(Socket from, Socket to, boolean toServer) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] piece = new byte[PIECE];
            for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                link.awaitPassage(toServer);
                if (toServer && commits.passes(piece, count) && link.takeCommit()) {
                    cutting = true;
                }
                if (cutting && !toServer) {
                    // The server has answered the COMMIT: it is done, and its client will not know.
                    reset();
                    return;
                }
                out.write(piece, 0, count);
            }
            link.awaitPassage(toServer);
            to.shutdownOutput();
            endedIfBoth(from, to);
        } catch (IOException e) {
            reset();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reset();
        }
    }

    private void endedIfBoth(Socket from, Socket to) throws IOException {
        if (from.isOutputShutdown() && to.isOutputShutdown()) {
            from.close();
            to.close();
            link.ended(this);
        }
    }
}
