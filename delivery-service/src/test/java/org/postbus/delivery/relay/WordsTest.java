package org.postbus.delivery.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postbus.protocol.smtp.client.Failure;
import org.postbus.protocol.smtp.client.RemoteReply;

class WordsTest {

    /** Code 0: nothing was said. */
    @ParameterizedTest
    @CsvSource({"421,4.3.2,HOST,true", "421,4.7.0,RECIPIENT,true", "450,4.7.1,MAIL,true", "451,4.7.28,HOST,true",
            // Greylisting of a recipient.
            "450,4.7.1,RECIPIENT,false", "451,4.3.0,MAIL,false", "550,5.7.1,MAIL,false",
            // TLS that we do not like, or did not get.
            "0,4.7.5,HOST,false", "0,4.7.0,HOST,false", "0,4.4.1,HOST,false"})
    void aRemoteThatGetsTooMuchSaysSo(int code, String status, Failure.Scope scope, boolean tooMuch) {
        Optional<RemoteReply> reply = code == 0 ? Optional.empty() : Optional.of(new RemoteReply(code, Optional.of(status), "text"));
        assertEquals(tooMuch, Words.saysTooMuch(new Failure(scope, status, "text", reply, false)));
    }
}
