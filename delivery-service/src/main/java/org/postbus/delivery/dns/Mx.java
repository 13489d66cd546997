package org.postbus.delivery.dns;

/**
 * An MX record (RFC 5321, section 5).
 *
 * @param preference 0 to 65535; the least is tried first
 * @param host       in lower case, without the final dot; empty for the root, which takes no mail (RFC 7505); perhaps no host name
 */
public record Mx(int preference, String host) {

    /** Whether it says that the domain takes no mail. */
    public boolean isNull() {
        return host.isEmpty();
    }
}
