package org.postbus.delivery.dsn;

/**
 * The server that a mail was offered to. The names come out of the DNS, so they are cleaned like a {@link Diagnostic}.
 *
 * @param name    its domain as MX names it, or an address literal such as {@code [192.0.2.1]}; at most {@value #MAX_NAME} characters
 * @param address the IP address in text form, without brackets; empty where it is not known
 */
public record RemoteMta(String name, String address) {

    /** Characters of a domain name. */
    public static final int MAX_NAME = 255;
    private static final int MAX_ADDRESS = 45;

    public RemoteMta {
        name = Printable.ascii(name, MAX_NAME);
        address = Printable.ascii(address, MAX_ADDRESS);
    }

    /** For people: {@code mx.example.org [192.0.2.1]}. */
    @Override
    public String toString() {
        return address.isEmpty() || name.startsWith("[") ? name : name + " [" + address + "]";
    }
}
