package org.postbus.smtpgateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.postbus.events.Envelope;
import org.postbus.events.FaultPoint;
import org.postbus.events.HeaderEdits;
import org.postbus.events.MailCodec;
import org.postbus.events.MailRecord;
import org.postbus.events.Topics;
import org.postbus.gateway.ByteBudget;
import org.postbus.gateway.EventSender;
import org.postbus.protocol.smtp.Replies;
import org.postbus.smtpgateway.filter.Inspection;
import org.postbus.smtpgateway.filter.Verdict;

/**
 * One mail's data on its way to Kafka. A mail that fits goes as one record, a larger one chunk by chunk, all in one
 * partition, with a closing record in the end. The first chunk is acknowledged before the second is sent, since no
 * reader could make sense of the others without it, and all of them before the closing record; between these a few are
 * under way at once, as long as there is memory. A filter gets the same octets, and speaks before the record that makes the
 * mail: before the one, or the closing one.
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
    private final Optional<SubmittedHead> submitted;
    private final Optional<Inspection> inspection;
    private final MessageDigest sha256 = sha256();
    private final Deque<Future<Void>> underWay = new ArrayDeque<>();
    private final Slices slices = new Slices();
    /** Memory that this mail may use for the chunk that arrives. */
    private long capacity;
    private int chunks;
    private long sent;
    private boolean ended;

    /**
     * @param partition   of {@code mail.accepted}, fixed for all records of this mail
     * @param reservation the memory of its first octets
     * @param submitted   completes the header section of what an account submits
     */
    IncomingMail(Vertx vertx, EventSender sender, Envelope envelope, int partition, ByteBudget.Reservation reservation,
            Optional<SubmittedHead> submitted, Optional<Inspection> inspection) {
        this.vertx = vertx;
        this.sender = sender;
        this.envelope = envelope;
        this.partition = partition;
        this.reservation = reservation;
        this.submitted = submitted;
        this.inspection = inspection;
        this.capacity = reservation.octets();
    }

    Envelope envelope() {
        return envelope;
    }

    /** Octets taken so far. */
    long octets() {
        return sent + slices.size();
    }

    /**
     * Takes mail data: keeps the array. The next call waits for this one's future, which fails with {@link MailRefused} where
     * memory or Kafka fails.
     */
    Future<Void> take(byte[] octets, int offset, int length) {
        int count = Math.min(length, chunkLimit() - slices.size());
        Future<Void> room = count == 0 ? chunkIsFull() : room(Slices.weight(count));
        if (!room.succeeded()) {
            return room.compose(ignored -> take(octets, offset, length));
        }
        slices.add(octets, offset, count);
        return count == length ? DONE : take(octets, offset + count, length - count);
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
        inspection.ifPresent(Inspection::abandon);
    }

    /** What completion adds must fit into the first record, too. */
    private int chunkLimit() {
        return chunks == 0 && submitted.isPresent() ? Topics.CHUNK_OCTETS - SubmittedHead.MAX_ADDED : Topics.CHUNK_OCTETS;
    }

    private Future<Void> room(long weight) {
        long lacking = slices.weight() + weight - capacity;
        if (lacking <= 0) {
            return DONE;
        }
        if (capacity >= Topics.CHUNK_OCTETS) {
            // All of the chunk has its memory: what goes beyond is the cost of small slices.
            slices.join();
            return DONE;
        }
        long more = Math.min(Math.max(lacking, capacity), Topics.CHUNK_OCTETS - capacity);
        return reservation.grow(more, ROOM_WITHIN, vertx).compose(granted -> {
            capacity += granted ? more : 0;
            return granted ? room(weight) : Future.failedFuture(new MailRefused(Replies.NO_SPACE));
        });
    }

    private Future<Void> chunkIsFull() {
        return sendChunk().compose(acknowledged -> {
            underWay.add(acknowledged);
            return nextChunk();
        });
    }

    /** Memory for the next chunk: beside those that are under way, or else in the place of the oldest of them. */
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
        capacity = reservation.octets() - (wanted - Topics.CHUNK_OCTETS);
        return DONE;
    }

    /** Completes when the filter has the chunk, with a future of Kafka's acknowledgement. */
    private Future<Future<Void>> sendChunk() {
        byte[] data;
        try {
            data = data(false);
        } catch (MailRefused refused) {
            return Future.failedFuture(refused);
        }
        MailRecord<Envelope> record = chunks == 0
                ? new MailRecord.FirstChunk<>(envelope.mailId(), envelope, data)
                : new MailRecord.Chunk<>(envelope.mailId(), chunks, data);
        sha256.update(data);
        chunks++;
        sent += data.length;
        Future<Void> acknowledged = send(record);
        return inspect(data).map(ignored -> acknowledged);
    }

    private byte[] data(boolean all) throws MailRefused {
        byte[] data = slices.take();
        return chunks == 0 && submitted.isPresent() ? submitted.get().complete(data, all) : data;
    }

    private Future<Void> inspect(byte[] data) {
        return inspection.map(filter -> filter.chunk(data)).orElse(DONE);
    }

    private Future<Void> finishWhole() {
        byte[] data;
        try {
            data = data(true);
        } catch (MailRefused refused) {
            return Future.failedFuture(refused);
        }
        sent = data.length;
        return inspect(data).compose(ignored -> verdict())
                .compose(edits -> send(new MailRecord.Whole<>(envelope.mailId(), envelope.with(edits), data)));
    }

    private Future<Void> finishChunked() {
        return sendChunk().compose(last -> {
            Future<Void> all = last;
            for (Future<Void> chunk : underWay) {
                all = all.compose(ignored -> chunk);
            }
            return all;
        }).compose(ignored -> verdict()).compose(edits -> send(new MailRecord.Closing<>(
                envelope.mailId(), chunks, sent, HexFormat.of().formatHex(sha256.digest()), edits)));
    }

    /** What the filter wants changed; fails where it does not want the mail. */
    private Future<HeaderEdits> verdict() {
        if (inspection.isEmpty()) {
            return Future.succeededFuture(HeaderEdits.NONE);
        }
        return inspection.get().end().compose(verdict -> switch (verdict) {
            case Verdict.Accept(var edits) -> {
                FaultPoint.SMTP_FILTERED.reached();
                yield Future.succeededFuture(edits);
            }
            case Verdict.Refuse(var reply) -> Future.failedFuture(new MailRefused(reply));
        });
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
