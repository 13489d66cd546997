package org.postbus.protocol.smtp.client;

import java.time.Duration;

/** A reply that the remote owes a mail transaction; replies come in the order of the commands (RFC 2920, section 3.1). */
sealed interface Expected {

    record Mail() implements Expected {}

    record Rcpt(Addressee addressee) implements Expected {}

    record Data() implements Expected {}

    /** To BDAT; the remote answers once it has the whole chunk. */
    record Chunk(boolean last) implements Expected {}

    /** To the end of mail data. */
    record Dot() implements Expected {}

    /** How long it may take (RFC 5321, section 4.5.3.2). */
    default Duration atMost() {
        return switch (this) {
            case Mail _ -> SmtpTimeouts.MAIL;
            case Rcpt _ -> SmtpTimeouts.RCPT;
            case Data _ -> SmtpTimeouts.DATA_INITIATION;
            case Chunk(var last) -> last ? SmtpTimeouts.DATA_TERMINATION : SmtpTimeouts.DATA_BLOCK;
            case Dot _ -> SmtpTimeouts.DATA_TERMINATION;
        };
    }
}
