package org.postbus.standalone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/** Every TCP port of a standalone Postbus, before the offset is added. */
enum Port {
    SMTP(2525, "SMTP"),
    SUBMISSION(2587, "submission"),
    SUBMISSIONS(2465, "submission under TLS"),
    POP3(2110, "POP3"),
    POP3S(2995, "POP3 under TLS"),
    HTTP(8080, "HTTP"),
    KAFKA(2192, "the embedded Kafka"),
    KAFKA_CONTROLLER(2193, "the embedded Kafka's controller"),
    POSTGRES(2432, "the embedded PostgreSQL");

    private final int number;
    private final String user;

    Port(int number, String user) {
        this.number = number;
        this.user = user;
    }

    int number(Options options) {
        return number + options.portOffset();
    }

    /** Refuses, before anything is started, to run where one of the ports is taken. */
    static void requireAllFree(Options options) {
        for (Port port : values()) {
            port.requireFree(options);
        }
    }

    private void requireFree(Options options) {
        int wanted = number(options);
        InetAddress address = address(options);
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(address, wanted));
        } catch (IOException e) {
            throw new Refusal("port " + wanted + " (" + user + ") on " + address.getHostAddress()
                    + " cannot be used (" + e.getMessage() + "): stop what uses it, or choose other ports by --port-offset N", e);
        }
    }

    private InetAddress address(Options options) {
        String name = switch (this) {
            case SMTP, SUBMISSION, SUBMISSIONS, POP3, POP3S, HTTP -> options.bind();
            case KAFKA, KAFKA_CONTROLLER, POSTGRES -> "127.0.0.1";
        };
        try {
            return InetAddress.getByName(name);
        } catch (UnknownHostException e) {
            throw new Refusal("--bind " + name + " is not an address of this machine", e);
        }
    }
}
