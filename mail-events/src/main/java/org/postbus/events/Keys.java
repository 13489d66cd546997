package org.postbus.events;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Keys and small numbers as strangers may write them. */
final class Keys {

    private static final int UUID_LENGTH = 36;

    private Keys() {
    }

    static UUID uuid(byte[] key) throws ContractViolation {
        if (key == null || key.length != UUID_LENGTH) {
            throw new ContractViolation("the key is no UUID");
        }
        try {
            return UUID.fromString(new String(key, StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException e) {
            throw new ContractViolation("the key is no UUID", e);
        }
    }

    static int number(String text) throws ContractViolation {
        if (!text.matches("[0-9]{1,9}")) {
            throw new ContractViolation("not a chunk number");
        }
        return Integer.parseInt(text);
    }
}
