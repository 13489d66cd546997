package org.postbus.smtpgateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.postbus.events.Envelope;
import org.postbus.events.MailCodec;
import org.postbus.events.MailRecord;
import org.postbus.events.Topics;
import org.postbus.gateway.ByteBudget;
import org.postbus.gateway.EventSender;
import org.postbus.protocol.smtp.Replies;

/**
 * One mail's data on its way to Kafka. A mail that fits goes as one record, a larger one chunk by chunk, all in one
 * partition, with a closing record in the end. The first chunk is acknowledged before the second is sent, since no
 * reader could make sense of the others without it, and all of them before the closing record; between these a few are
 * under way at once, as long as there is memory.
 *
 * <p>Memory comes from the byte budget of the gateway; whoever makes an incoming mail must end it by {@link #finish}
 * or {@link #abandon}. Used on one event loop only.
 */
final class IncomingMail {

    /** What a mail of unknown size begins with. */
    static final int FIRST_OCTETS = 16 * 1024;
    /** Chunks that are written and not acknowledged, at most. */
    static final int CHUNKS_UNDER_WAY = 4;
    private static final Duration ROOM_WITHIN = Duration.ofSeconds(10);
    private static final Future<Void> DONE = Future.succeededFuture();

    private final Vertx vertx;
    private final EventSender sender;
    private final Envelope envelope;
    private final int partition;
    private final ByteBudget.Reservation reservation;
    private final MessageDigest sha256 = sha256();
    private final Deque<Future<Void>> underWay = new ArrayDeque<>();

    private byte[] buffer;
    private int size;
    private int chunks;
    private long sent;
    private boolean ended;

    /**
     * @param partition   of {@code mail.accepted}, fixed for all records of this mail
     * @param reservation the memory of its first buffer
     */
    IncomingMail(Vertx vertx, EventSender sender, Envelope envelope, int partition, ByteBudget.Reservation reservation) {
        this.vertx = vertx;
        this.sender = sender;
        this.envelope = envelope;
        this.partition = partition;
        this.reservation = reservation;
        this.buffer = new byte[Math.toIntExact(reservation.octets())];
    }

    Envelope envelope() {
        return envelope;
    }

    /** Octets taken so far. */
    long octets() {
        return sent + size;
    }

    /**
     * Takes mail data. The next call waits for this one's future, which fails with {@link MailRefused} where memory or
     * Kafka fails.
     */
    Future<Void> take(byte[] octets, int offset, int length) {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            if (size == buffer.length) {
                Future<Void> room = room();
                if (!room.succeeded()) {
                    int rest = at;
                    return room.compose(ignored -> take(octets, rest, end - rest));
                }
            }
            int count = Math.min(end - at, buffer.length - size);
            System.arraycopy(octets, at, buffer, size, count);
            size += count;
            at += count;
        }
        return DONE;
    }

    /** Completes when Kafka has all of the mail, durably. Fails with {@link MailRefused}; the memory is free then too. */
    Future<Void> finish() {
        Future<Void> outcome = chunks == 0 ? finishWhole() : finishChunked();
        return outcome.onComplete(ignored -> abandon());
    }

    /** Gives the memory back. What is in Kafka without its closing record is nothing. */
    void abandon() {
        ended = true;
        reservation.close();
    }

    private Future<Void> room() {
        if (buffer.length < Topics.CHUNK_OCTETS) {
            return grow();
        }
        underWay.add(sendChunk());
        return nextChunk();
    }

    /** A buffer for the next chunk: beside those that are under way, or else in the place of the oldest of them. */
    private Future<Void> nextChunk() {
        while (!underWay.isEmpty() && underWay.peek().succeeded()) {
            underWay.remove();
        }
        long wanted = (underWay.size() + 1L) * Topics.CHUNK_OCTETS;
        reservation.shrinkTo(wanted);
        boolean alone = chunks == 1 || underWay.size() == CHUNKS_UNDER_WAY;
        if (!underWay.isEmpty() && (alone || !reservation.tryGrow(wanted - reservation.octets()))) {
            return underWay.remove().compose(ignored -> nextChunk());
        }
        buffer = new byte[Topics.CHUNK_OCTETS];
        return DONE;
    }

    private Future<Void> grow() {
        int capacity = Math.min(Topics.CHUNK_OCTETS, buffer.length * 2);
        Future<Boolean> granted = reservation.grow(capacity - buffer.length, ROOM_WITHIN, vertx);
        return granted.compose(yes -> {
            if (!yes) {
                return Future.failedFuture(new MailRefused(Replies.NO_SPACE));
            }
            buffer = Arrays.copyOf(buffer, capacity);
            return DONE;
        });
    }

    private Future<Void> sendChunk() {
        // A full buffer goes as it is: the next chunk has another.
        byte[] data = size == buffer.length ? buffer : Arrays.copyOf(buffer, size);
        MailRecord<Envelope> record = chunks == 0
                ? new MailRecord.FirstChunk<>(envelope.mailId(), envelope, data)
                : new MailRecord.Chunk<>(envelope.mailId(), chunks, data);
        sha256.update(data);
        chunks++;
        sent += size;
        size = 0;
        return send(record);
    }

    private Future<Void> finishWhole() {
        return send(new MailRecord.Whole<>(envelope.mailId(), envelope, Arrays.copyOf(buffer, size)));
    }

    private Future<Void> finishChunked() {
        Future<Void> all = sendChunk();
        for (Future<Void> chunk : underWay) {
            all = all.compose(ignored -> chunk);
        }
        return all.compose(ignored -> send(new MailRecord.Closing<>(
                envelope.mailId(), chunks, sent, HexFormat.of().formatHex(sha256.digest()))));
    }

    private Future<Void> send(MailRecord<Envelope> record) {
        if (ended) {
            return Future.failedFuture(new MailRefused(Replies.NOT_STORED));
        }
        Future<RecordMetadata> acknowledged =
                sender.send(MailCodec.ACCEPTED.encode(record, MailIntake.SOURCE, partition));
        return acknowledged.<Void>mapEmpty()
                .recover(failure -> Future.failedFuture(new MailRefused(Replies.NOT_STORED)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
