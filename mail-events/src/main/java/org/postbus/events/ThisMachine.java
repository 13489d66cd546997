package org.postbus.events;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What every service calls itself where {@code postbus.hostname} names nothing: one rule, so that all say the same. */
public final class ThisMachine {

    private ThisMachine() {
    }

    /** The machine's host name, fully qualified where it is known; {@code localhost} where it has none. */
    public static String hostname() {
        try {
            InetAddress address = InetAddress.getLocalHost();
            return moreTelling(address.getCanonicalHostName(), address.getHostName());
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** The canonical name may be an address, or what /etc/hosts calls every machine: then the plain name says more. */
    static String moreTelling(String canonical, String plain) {
        boolean qualified = canonical.contains(".") && !canonical.startsWith("localhost.");
        boolean address = canonical.contains(":") || canonical.matches("[0-9.]+");
        return qualified && !address ? canonical : plain;
    }
}
