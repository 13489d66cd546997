package org.postbus.gateway;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What a gateway calls itself where the configuration names nothing. */
public final class ThisMachine {

    private ThisMachine() {
    }

    /** The machine's host name, fully qualified where it is known; {@code localhost} where it has none. */
    public static String hostname() {
        try {
            return InetAddress.getLocalHost().getCanonicalHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
