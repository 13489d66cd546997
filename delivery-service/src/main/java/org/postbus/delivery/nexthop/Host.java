package org.postbus.delivery.nexthop;

import java.net.InetAddress;

/**
 * Where to connect to.
 *
 * @param name    what its certificate has to name: a host name in lower case, or an address as text where there is no name
 * @param address judged; connect to it and do not look the name up again
 * @param port    TCP
 */
public record Host(String name, InetAddress address, int port) {

    @Override
    public String toString() {
        return name + " (" + address.getHostAddress() + ") port " + port;
    }
}
