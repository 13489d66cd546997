package org.postbus.systemtest.threats;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import org.postbus.systemtest.Pop3Client;

/** How a client ends a connection without QUIT. */
enum End {
    CLOSE, HALF_CLOSE, RESET;

    void of(Pop3Client pop3) throws IOException {
        switch (this) {
            case CLOSE -> pop3.close();
            case HALF_CLOSE -> {
                pop3.endOutput();
                readOut(pop3);
            }
            case RESET -> pop3.reset();
        }
    }

    /** Returns when the server has closed. */
    static void readOut(Pop3Client pop3) throws IOException {
        try {
            while (true) {
                pop3.line();
            }
        } catch (EOFException | SocketException closed) {
            // As it should be.
        }
    }
}
