package org.postbus.delivery.relay;

import java.io.IOException;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import org.postbus.delivery.dkim.DkimKey;
import org.postbus.delivery.dkim.DkimKeys;
import org.postbus.delivery.dkim.DkimSigner;
import org.postbus.events.Envelope;
import org.postbus.protocol.address.Mailbox;

/**
 * Signs by DKIM what our own accounts and networks send: that is ours to answer for; what an alias forwards is not. The domain in
 * From must be the reverse-path's, which the gateway has found to be the account's own: else an account could have another
 * domain of ours answer for it. Mail that Postbus makes itself needs no reverse-path for that.
 */
public final class DkimSignatures implements Signer {

    private final DkimKeys keys;
    private final InstantSource clock;

    public DkimSignatures(DkimKeys keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    @Override
    public String signature(Envelope envelope, byte[] headerSection, BodyReader body) throws IOException {
        if (!envelope.relaying()) {
            return "";
        }
        try {
            List<DkimKey> signing = keys.signing(headerSection).stream().filter(key -> mayAnswer(key, envelope)).toList();
            return signing.isEmpty() ? "" : DkimSigner.fields(signing, headerSection, body.hash(), clock.instant());
        } catch (SQLException e) {
            // Mail that leaves unsigned may be refused for good: rather a little later than so.
            throw new IOException("the keys cannot be read", e);
        }
    }

    private static boolean mayAnswer(DkimKey key, Envelope envelope) {
        return envelope.hasNullReversePath() ? envelope.protocol().equals("internal")
                : Mailbox.parse(envelope.reversePath()).canonicalDomain().equals(key.domain());
    }
}
