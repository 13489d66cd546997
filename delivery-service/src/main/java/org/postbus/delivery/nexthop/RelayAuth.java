package org.postbus.delivery.nexthop;

/** The login at a configured relay. */
public record RelayAuth(String username, String password) {

    /** Without the password: this may be logged. */
    @Override
    public String toString() {
        return "RelayAuth[" + username + "]";
    }
}
