package org.postbus.mailbox.maildrop;

import java.util.UUID;

/**
 * The body of the internal API's opening of a maildrop.
 *
 * @param name          the full address
 * @param password      in this request only: never logged, never kept
 * @param sessionId     minted by the gateway for this session
 * @param gateway       the name of the gateway instance
 * @param clientAddress the POP3 client's IP address
 */
public record OpenRequest(String name, String password, UUID sessionId, String gateway, String clientAddress) {

    @Override
    public String toString() {
        return "OpenRequest[" + sessionId + "]";
    }
}
