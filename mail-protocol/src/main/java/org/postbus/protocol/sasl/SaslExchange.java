package org.postbus.protocol.sasl;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** The server's side of one mechanism, used once. */
sealed interface SaslExchange permits PlainExchange, LoginExchange {

    /** Where the client sent no initial response. */
    SaslDialog.Step begin();

    /** A response that is the first counts as the initial one. */
    SaslDialog.Step respond(byte[] response);

    static SaslDialog.Step challenge(String text) {
        return new SaslDialog.Step.Challenge(Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII)));
    }

    /** The text of octets that are UTF-8; else empty. */
    static Optional<String> text(byte[] octets) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
