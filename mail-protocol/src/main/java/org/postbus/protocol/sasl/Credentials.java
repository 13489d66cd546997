package org.postbus.protocol.sasl;

/**
 * What a client says about itself. For the judge alone: never logged, never kept.
 *
 * @param name     the login name, as it came
 * @param password in clear
 */
public record Credentials(String name, String password) {

    @Override
    public String toString() {
        return "Credentials[]";
    }
}
