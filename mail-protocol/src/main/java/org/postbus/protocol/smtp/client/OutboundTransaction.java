package org.postbus.protocol.smtp.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import org.postbus.protocol.address.ReversePath;

/**
 * One mail transaction as its client sees it: groups of commands out, replies in, one outcome for each recipient.
 *
 * <p>With PIPELINING, MAIL, RCPT and DATA, or a small mail's only chunk, leave in one group; without, each command waits for the reply
 * to the one before, which is the same with groups of one. The replies are judged in their order, and nothing is decided but by them.
 */
final class OutboundTransaction {

    /** Commands of a group: their replies fit the buffers of the connection, however slow we read (RFC 2920, section 3.1). */
    static final int GROUP = 100;

    /** Octets of a mail that leaves as one chunk in the group of its envelope, though it may be for no accepted recipient. */
    static final int SMALL = 64 * 1024;

    /** Octets of a chunk. */
    static final int CHUNK = 256 * 1024;

    /**
     * Chunks whose replies are missing: while the remote answers one, the next is on its way. More would only mean that more of a
     * mail is sent in vain where the remote refuses it early.
     */
    private static final int CHUNKS = 2;

    /** What the transaction waits for. */
    sealed interface Turn {
        record NeedContent(int atMost) implements Turn {}

        record NeedReply(Duration atMost) implements Turn {}

        record Done() implements Turn {}
    }

    private final OutboundMail mail;
    private final Capabilities remote;
    private final Consumer<ClientAction> out;
    private final EnvelopeCommands commands;
    private final Optional<ReversePath> reversePath;
    private final boolean smtpUtf8;
    private final List<Addressee> addressees;
    /** Those that nothing speaks against. */
    private final List<Addressee> open;
    private final Queue<Expected> outstanding = new ArrayDeque<>();
    private final LineEnds lineEnds = new LineEnds();
    private final DotStuffing dots = new DotStuffing();

    private boolean begun;
    private int issued;
    /** Octets of mail data that are still to come, and of them those that the host is to give now. */
    private long left;
    private long wanted;
    private boolean chunked;
    private boolean handedOver;

    private boolean mailAccepted;
    private boolean ended;
    private Optional<Failure> refusal = Optional.empty();
    private Optional<RemoteReply> taken = Optional.empty();

    OutboundTransaction(OutboundMail mail, Capabilities remote, Consumer<ClientAction> out) {
        this.mail = mail;
        this.remote = remote;
        this.out = out;
        commands = new EnvelopeCommands(remote);
        reversePath = EnvelopeCommands.reversePath(mail.reversePath());
        addressees = mail.recipients().stream().map(Addressee::new).toList();
        left = mail.octets();
        addressees.forEach(this::judge);
        open = addressees.stream().filter(addressee -> !addressee.hasFailed()).toList();
        smtpUtf8 = needsSmtpUtf8() || open.stream().anyMatch(OutboundTransaction::isInternational);
    }

    // What needs no wire

    private void judge(Addressee addressee) {
        unsendable().ifPresent(addressee::fail);
        if (addressee.path.isEmpty()) {
            addressee.fail(Failure.of(Failure.Scope.RECIPIENT, "5.1.3", "not a forward-path"));
        } else if (isInternational(addressee) && !remote.smtpUtf8()) {
            addressee.fail(Failure.of(Failure.Scope.RECIPIENT, "5.6.7", "SMTPUTF8 is needed for this address, and not offered"));
        }
    }

    private Optional<Failure> unsendable() {
        return reversePath.isEmpty() ? mailFailure("5.1.7", "not a reverse-path")
                : mail.octets() > remote.maxOctets().orElse(Long.MAX_VALUE) ? mailFailure("5.3.4", "larger than the remote takes")
                : mail.eightBit() && !remote.eightBitMime() ? mailFailure("5.6.3", "8BITMIME is needed, and not offered")
                : needsSmtpUtf8() && !remote.smtpUtf8() ? mailFailure("5.6.7", "SMTPUTF8 is needed, and not offered")
                : Optional.empty();
    }

    private static Optional<Failure> mailFailure(String status, String text) {
        return Optional.of(Failure.of(Failure.Scope.MAIL, status, text));
    }

    private boolean needsSmtpUtf8() {
        return mail.utf8Header() || reversePath.stream().anyMatch(path -> !path.isAscii());
    }

    private static boolean isInternational(Addressee addressee) {
        return addressee.path.stream().anyMatch(path -> !path.isAscii());
    }

    // Commands

    /** Whether no reply is owed: an octet of the remote that is there now was not asked for. */
    boolean isQuiet() {
        return outstanding.isEmpty();
    }

    boolean dsn() {
        return remote.dsn();
    }

    /** Issues what may leave before the next reply, then says what it waits for. */
    Turn turn() {
        if (wanted == 0 && !isDecided()) {
            if (chunked && left > 0 && outstanding.size() < (remote.pipelining() ? CHUNKS : 1)) {
                group(this::beginChunk);
            } else if (!chunked && outstanding.isEmpty()) {
                group(this::envelope);
            }
        }
        return wanted > 0 ? new Turn.NeedContent((int) Math.min(wanted, CHUNK))
                : outstanding.isEmpty() ? new Turn.Done() : new Turn.NeedReply(outstanding.element().atMost());
    }

    /** Whether nothing is left to be said: with no reply owed, the transaction is at its end. */
    boolean isDecided() {
        boolean allRefused = issued == open.size() && outstanding.isEmpty() && !hasRecipients();
        return open.isEmpty() || refusal.isPresent() || taken.isPresent() || begun && allRefused;
    }

    private boolean hasRecipients() {
        return refusal.isEmpty() && open.stream().anyMatch(Addressee::isAccepted);
    }

    private void group(Consumer<StringBuilder> writer) {
        StringBuilder lines = new StringBuilder();
        writer.accept(lines);
        out.accept(new ClientAction.Write(lines.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private void envelope(StringBuilder lines) {
        int window = remote.pipelining() ? GROUP : 1;
        if (!begun) {
            begun = true;
            expect(lines, commands.mail(reversePath.orElseThrow(), mail, smtpUtf8), new Expected.Mail());
        }
        while (issued < open.size() && outstanding.size() < window) {
            Addressee next = open.get(issued++);
            expect(lines, commands.rcpt(next.path.orElseThrow(), next.recipient), new Expected.Rcpt(next));
        }
        if (issued < open.size() || outstanding.size() >= window) {
            return;
        }
        if (!remote.chunking()) {
            expect(lines, "DATA\r\n", new Expected.Data());
        } else if (outstanding.isEmpty() || mail.octets() <= SMALL) {
            chunked = true;
            beginChunk(lines);
        }
    }

    private void expect(StringBuilder lines, String command, Expected reply) {
        lines.append(command);
        outstanding.add(reply);
    }

    // bdat-cmd = "BDAT" SP chunk-size [SP "LAST"] CRLF, and the chunk behind it (RFC 3030, section 2)
    private void beginChunk(StringBuilder lines) {
        wanted = Math.min(left, CHUNK);
        lines.append("BDAT ").append(wanted).append(wanted == left ? " LAST" : "").append("\r\n");
        if (wanted == 0) {
            endChunk();
        }
    }

    private void endChunk() {
        handedOver = left == 0;
        outstanding.add(new Expected.Chunk(left == 0));
    }

    // Mail data

    /** Whether the remote reads mail data behind DATA. */
    boolean inData() {
        return wanted > 0 && !chunked;
    }

    /** Octets that the host may give now. */
    long wanted() {
        return wanted;
    }

    /** @return false where a CR or LF stands alone: nothing of the piece is written, and the connection has to end */
    boolean content(byte[] octets, int offset, int length) {
        if (!lineEnds.takes(octets, offset, length, length == left)) {
            return false;
        }
        left -= length;
        wanted -= length;
        out.accept(chunked ? new ClientAction.Write(octets, offset, length) : dots.stuffed(octets, offset, length));
        if (wanted == 0 && chunked) {
            endChunk();
        } else if (wanted == 0) {
            endData();
        }
        return true;
    }

    private void endData() {
        handedOver = true;
        out.accept(dots.end());
        outstanding.add(new Expected.Dot());
    }

    // Replies

    /** @return false where no such reply belongs to the command */
    boolean answered(RemoteReply reply) {
        Expected expected = outstanding.remove();
        if (!reply.isRefusal() && !(expected instanceof Expected.Data ? reply.isIntermediate() : reply.isPositive())) {
            return false;
        }
        switch (expected) {
            case Expected.Mail _ -> {
                mailAccepted = reply.isPositive();
                refuseIf(reply);
            }
            case Expected.Rcpt(var addressee) when reply.isPositive() -> addressee.accept();
            case Expected.Rcpt(var addressee) -> addressee.fail(refusal.orElseGet(() -> Failure.ofRecipient(reply)));
            case Expected.Data _ -> start(reply);
            case Expected.Chunk(var last) -> {
                ended = last && reply.isPositive();
                taken = Optional.of(reply).filter(_ -> ended);
                refuseIf(reply);
            }
            case Expected.Dot _ -> {
                ended = true;
                taken = Optional.of(reply).filter(RemoteReply::isPositive);
                refuseIf(reply);
            }
        }
        return true;
    }

    private void refuseIf(RemoteReply reply) {
        if (reply.isRefusal()) {
            refusal = refusal.or(() -> Optional.of(Failure.of(Failure.Scope.MAIL, reply)));
        }
    }

    /** A remote that wants mail data though it took no recipient gets none, but the end of it (RFC 2920, section 3.1). */
    private void start(RemoteReply reply) {
        if (reply.isRefusal()) {
            refuseIf(reply);
        } else if (hasRecipients() && left > 0) {
            wanted = left;
        } else {
            endData();
        }
    }

    // Ends

    /** The connection ends before the transaction; what the remote has said about recipients stands. */
    void abort(Failure why) {
        boolean uncertain = handedOver && why.reply().isEmpty();
        refusal = refusal.or(() -> Optional.of(uncertain ? why.asUncertain() : why));
    }

    /** One for each recipient, once the transaction has ended. */
    List<Outcome> outcomes() {
        refusal.ifPresent(why -> addressees.forEach(addressee -> addressee.fail(why)));
        return addressees.stream().map(addressee -> addressee.outcome(taken)).toList();
    }

    /** Whether the remote may believe that the transaction goes on. */
    boolean needsReset() {
        return !ended && (mailAccepted || open.stream().anyMatch(Addressee::isAccepted));
    }
}
