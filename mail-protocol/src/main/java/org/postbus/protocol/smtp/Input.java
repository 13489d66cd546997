package org.postbus.protocol.smtp;

/** The octets that a host gave and the engine has not read yet. */
final class Input {

    byte[] octets = new byte[0];
    int at;

    /** Takes over an array; copies only where octets are left over. */
    void append(byte[] more) {
        if (at == octets.length) {
            octets = more;
        } else {
            byte[] joined = new byte[octets.length - at + more.length];
            System.arraycopy(octets, at, joined, 0, octets.length - at);
            System.arraycopy(more, 0, joined, octets.length - at, more.length);
            octets = joined;
        }
        at = 0;
    }

    boolean isEmpty() {
        return at == octets.length;
    }

    int available() {
        return octets.length - at;
    }

    void drop() {
        at = octets.length;
    }
}
