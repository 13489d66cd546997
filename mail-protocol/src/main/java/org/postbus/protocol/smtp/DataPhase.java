package org.postbus.protocol.smtp;

import java.util.Optional;
import org.postbus.protocol.message.HeaderMeter;

/** Mail data on its way: what it measures so far, and why it is refused, once it is. */
final class DataPhase {

    final MailDataReader reader;
    private final HeaderMeter header = new HeaderMeter();
    private final long maxMessageSize;
    private long octets;
    private Optional<Reply> refusal = Optional.empty();

    private DataPhase(MailDataReader reader, long maxMessageSize) {
        this.reader = reader;
        this.maxMessageSize = maxMessageSize;
    }

    /** Of DATA. */
    static DataPhase dotted(long maxMessageSize) {
        return new DataPhase(new DataReader(), maxMessageSize);
    }

    /** Of BDAT. */
    static DataPhase chunked(long maxMessageSize, Command.Bdat first) {
        DataPhase data = new DataPhase(new ChunkReader(), maxMessageSize);
        data.beginChunk(first);
        return data;
    }

    /** The next chunk. */
    void beginChunk(Command.Bdat chunk) {
        ((ChunkReader) reader).begin(chunk.octets(), chunk.last());
    }

    /** Whether the reader's end is that of the mail data. */
    boolean isComplete() {
        return switch (reader) {
            case DataReader _ -> true;
            case ChunkReader chunks -> chunks.last();
        };
    }

    /** Octets of mail data so far, those that were dropped included. */
    long octets() {
        return octets;
    }

    Optional<Reply> refusal() {
        return refusal;
    }

    /** Refuses the mail; the first reason stays. */
    void refuse(Reply reply) {
        refusal = refusal.or(() -> Optional.of(reply));
    }

    /**
     * Takes the slice that the reader found into account.
     *
     * @return what the host is to do: to take it, or to drop the mail where this is too much; empty where it was dropped before
     */
    Optional<SmtpAction> slice() {
        boolean refusedBefore = refusal.isPresent();
        measure(reader.slice());
        return refusal.isEmpty() ? Optional.of(reader.slice())
                : refusedBefore ? Optional.empty() : Optional.of(new SmtpAction.Abandon());
    }

    private void measure(SmtpAction.MailData slice) {
        octets += slice.length();
        header.update(slice.octets(), slice.offset(), slice.offset() + slice.length());
        if (octets > maxMessageSize) {
            refuse(Replies.TOO_LARGE);
        } else if (reader.longestLine() > SmtpLimits.TEXT_LINE) {
            refuse(Replies.TEXT_LINE_TOO_LONG);
        } else if (header.tooLarge()) {
            refuse(Replies.HEADER_TOO_LARGE);
        } else if (header.receivedFields() > SmtpLimits.HOPS) {
            refuse(Replies.TOO_MANY_HOPS);
        }
    }

    /** Whether reading on to the end of the mail data, only to refuse it, has cost enough. */
    boolean pastExcess() {
        return octets > maxMessageSize + SmtpLimits.EXCESS || reader.longestLine() > SmtpLimits.EXCESS;
    }
}
