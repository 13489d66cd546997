package org.postbus.delivery.dkim;

import java.security.PrivateKey;

/**
 * A key that signs.
 *
 * @param domain   A-labels in lower case: {@code d=}
 * @param selector {@code s=}
 */
public record DkimKey(String domain, String selector, DkimAlgorithm algorithm, PrivateKey privateKey) {

    /** Without the key itself. */
    @Override
    public String toString() {
        return "DkimKey[" + selector + "._domainkey." + domain + ", " + algorithm.tag() + "]";
    }
}
