package org.postbus.smtpgateway.filter;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.NetSocketInternal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.postbus.protocol.message.HeaderFields;
import org.postbus.protocol.smtp.Replies;

/** The milter protocol for one mail: commands wait in order, one at a time is unanswered, the verdict ends it. */
final class MilterDialog {

    private static final long GOODBYE_MILLIS = 2_000;

    private final Vertx vertx;
    private final MailFacts mail;
    private final Duration within;
    private final MilterPackets packets = new MilterPackets();
    private final Edits edits = new Edits();
    private final Queue<MilterCommands.Command> commands = new ArrayDeque<>();
    private final Promise<Verdict> verdict = Promise.promise();

    private Optional<NetSocket> socket = Optional.empty();
    private Optional<MilterCommands> speech = Optional.empty();
    private Optional<byte[]> untold = Optional.empty();
    private Promise<Void> told = Promise.promise();
    private boolean headerTold;
    private boolean bodyUnwanted;
    private boolean awaiting;
    private boolean draining;
    private boolean ended;
    private long timer = -1;

    MilterDialog(Vertx vertx, MailFacts mail, Duration within) {
        this.vertx = vertx;
        this.mail = mail;
        this.within = within;
        verdict.future().onComplete(ignored -> close());
    }

    void connected(AsyncResult<NetSocket> outcome) {
        if (outcome.failed()) {
            fail(outcome.cause().getMessage());
            return;
        }
        NetSocket connection = outcome.result();
        socket = Optional.of(connection);
        if (verdict.future().isComplete()) {
            close();
            return;
        }
        connection.handler(this::received).closeHandler(ignored -> fail("the milter closed its connection"))
                .exceptionHandler(broken -> fail(broken.getMessage()));
        ask(MilterCommands.negotiation());
    }

    /** Octets of the mail; completes when the milter has them, or has said all it has to say. */
    Future<Void> chunk(byte[] octets) {
        if (verdict.future().isComplete()) {
            return Future.succeededFuture();
        }
        told = Promise.promise();
        untold = Optional.of(octets);
        speech.ifPresent(this::tell);
        return told.future();
    }

    /** To be called when the last chunk is told. */
    Future<Verdict> end() {
        if (!verdict.future().isComplete()) {
            ended = true;
            ask(speech.orElseThrow().end());
        }
        return verdict.future();
    }

    void fail(String why) {
        verdict.tryFail(why);
        told.tryComplete();
    }

    private void tell(MilterCommands speaker) {
        byte[] octets = untold.orElseThrow();
        untold = Optional.empty();
        int body = 0;
        if (!headerTold) {
            headerTold = true;
            HeaderFields header = HeaderFields.of(octets);
            commands.addAll(speaker.envelopeAndHeader(header));
            body = header.end();
        }
        if (!bodyUnwanted) {
            commands.addAll(speaker.body(octets, body));
        }
        next();
    }

    /** Goes on to the next command that is answered. */
    private void next() {
        while (!awaiting && !draining && !commands.isEmpty()) {
            MilterCommands.Command command = commands.remove();
            if (command.answered()) {
                ask(command.octets());
            } else {
                tell(command.octets());
            }
        }
        if (!awaiting && !draining) {
            told.tryComplete();
        }
    }

    /** What is not answered still has to be taken: else all of a mail could wait here. */
    private void tell(Buffer octets) {
        NetSocket milter = socket.orElseThrow();
        milter.write(octets);
        if (milter.writeQueueFull()) {
            draining = true;
            restartTimer();
            milter.drainHandler(ignored -> {
                draining = false;
                timer = cancelled();
                next();
            });
        }
    }

    private void ask(Buffer octets) {
        awaiting = true;
        restartTimer();
        socket.orElseThrow().write(octets);
    }

    private void received(Buffer octets) {
        try {
            packets.append(octets);
            Optional<MilterPackets.Packet> packet = packets.next();
            while (packet.isPresent() && !verdict.future().isComplete()) {
                take(packet.get());
                packet = packets.next();
            }
        } catch (RuntimeException broken) {
            fail("not the milter protocol: " + broken.getMessage());
        }
    }

    private void take(MilterPackets.Packet packet) {
        switch (packet.command()) {
            case 'O' -> negotiated(packet);
            case 'c' -> answered();
            case 's' -> {
                bodyUnwanted = true;
                commands.clear();
                answered();
            }
            case 'p' -> restartTimer();
            case 'h' -> edit(packet.strings(0), false);
            case 'i' -> edit(packet.strings(Integer.BYTES), false);
            case 'm' -> edit(packet.strings(Integer.BYTES), true);
            case 'q' -> edits.quarantine(String.join(" ", packet.strings(0)));
            // A promise that a mail arrives is kept: it is held back for people instead.
            case 'd' -> {
                edits.quarantine("discarded by the content filter");
                accept();
            }
            case 'a' -> accept();
            case 'r' -> refuse(new Verdict.Refuse(Replies.filtered("Message refused by content filter")));
            case 't' -> refuse(new Verdict.Refuse(Replies.deferred("Message deferred by content filter")));
            case 'y' -> refuse(MilterReply.verdict(String.join(" ", packet.strings(0))));
            default -> fail("the milter wants what it may not: " + (int) packet.command());
        }
    }

    private void negotiated(MilterPackets.Packet packet) {
        MilterCommands speaker = new MilterCommands(mail, packet.number(2 * Integer.BYTES) & MilterCommands.PROTOCOL);
        speech = Optional.of(speaker);
        awaiting = false;
        timer = cancelled();
        if (untold.isPresent()) {
            tell(speaker);
        }
    }

    /** A change to nothing takes the field away; it goes by the name, for all fields that bear it. */
    private void edit(List<String> field, boolean replaces) {
        if (field.isEmpty()) {
            return;
        }
        String value = field.size() > 1 ? field.get(1) : "";
        if (replaces) {
            edits.remove(field.getFirst());
        }
        if (!replaces || !value.isEmpty()) {
            edits.add(field.getFirst(), value);
        }
    }

    private void answered() {
        awaiting = false;
        timer = cancelled();
        if (ended) {
            accept();
        } else {
            next();
        }
    }

    private void accept() {
        verdict.tryComplete(new Verdict.Accept(edits.result()));
        told.tryComplete();
    }

    private void refuse(Verdict refusal) {
        verdict.tryComplete(refusal);
        told.tryComplete();
    }

    private void restartTimer() {
        timer = cancelled();
        timer = vertx.setTimer(Math.max(1, within.toMillis()), ignored -> fail("no answer within " + within));
    }

    private long cancelled() {
        if (timer >= 0) {
            vertx.cancelTimer(timer);
        }
        return -1;
    }

    private void close() {
        timer = cancelled();
        socket.ifPresent(connection -> {
            connection.closeHandler(null);
            connection.drainHandler(null);
            connection.end(MilterPackets.packet('Q', Buffer.buffer()));
            // One that does not read would keep the connection, and what waits for it, for ever.
            vertx.setTimer(GOODBYE_MILLIS, ignored -> ((NetSocketInternal) connection).channelHandlerContext().close());
        });
    }
}
