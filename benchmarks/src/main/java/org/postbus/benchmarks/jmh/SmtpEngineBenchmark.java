package org.postbus.benchmarks.jmh;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import org.postbus.protocol.smtp.Replies;
import org.postbus.protocol.smtp.Reply;
import org.postbus.protocol.smtp.SmtpAction;
import org.postbus.protocol.smtp.SmtpServerEngine;
import org.postbus.protocol.smtp.SmtpServerSettings;
import org.postbus.protocol.smtp.SmtpService;

/** One SMTP session that goes on and on, without a socket; replies are made down to their octets. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SmtpEngineBenchmark {

    private static final byte[] ENVELOPE = ascii("MAIL FROM:<ann@sender.test> SIZE=10240 BODY=8BITMIME\r\n"
            + "RCPT TO:<bob@demo.test>\r\nDATA\r\n");
    private static final byte[] COMMANDS = ascii("MAIL FROM:<ann@sender.test> SIZE=10240\r\n"
            + "RCPT TO:<bob@demo.test>\r\nRCPT TO:<carol+lists@demo.test>\r\nNOOP\r\nRSET\r\n");
    private static final int IN_ENVELOPE = 3;
    private static final int IN_COMMANDS = 5;
    private static final Reply ACCEPTED = Replies.accepted(Mails.MAIL_ID.toString());

    private SmtpServerEngine engine;

    /** Mail data of several sizes. */
    @State(Scope.Thread)
    public static class MailData {

        /** Octets. */
        @Param({"2048", "10240", "76800"})
        private int size;

        private List<byte[]> pieces;

        @Setup
        public void make() {
            pieces = Pieces.of(Mails.onTheWire(Mails.text(size)));
        }
    }

    @Setup
    public void greet() {
        engine = new SmtpServerEngine(new SmtpServerSettings("mx.demo.test", SmtpService.MX, true, 50L << 20, 1000, 0, true, false),
                Optional.empty());
        engine.receive(ascii("EHLO relay.sender.test\r\n"));
        while (!(engine.next() instanceof SmtpAction.NeedInput)) {
            // the greetings
        }
    }

    /** A whole mail transaction: one call is one mail. */
    @Benchmark
    public void mail(MailData data, Counted counted, Blackhole host) {
        engine.receive(ENVELOPE);
        counted.octets += work(host);
        for (byte[] piece : data.pieces) {
            engine.receive(piece);
            counted.octets += work(host);
        }
        counted.commands += IN_ENVELOPE;
    }

    /** Commands alone, in a pipelined group. */
    @Benchmark
    public void commands(Counted counted, Blackhole host) {
        engine.receive(COMMANDS);
        counted.octets += work(host);
        counted.commands += IN_COMMANDS;
    }

    /** Does what the engine asks for, and says yes to everything. Octets of mail data that it handed out. */
    private long work(Blackhole host) {
        long octets = 0;
        while (true) {
            switch (engine.next()) {
                case SmtpAction.Say(var reply) -> host.consume(reply.octets());
                case SmtpAction.MailData(var array, var offset, var length) -> {
                    host.consume(array[offset]);
                    octets += length;
                }
                case SmtpAction.AskMail _ -> engine.answer(Replies.MAIL_OK);
                case SmtpAction.AskRecipient _ -> engine.answer(Replies.RECIPIENT_OK);
                case SmtpAction.AskData _ -> engine.answer(Replies.START_DATA);
                case SmtpAction.AskAccept _ -> engine.answer(ACCEPTED);
                case SmtpAction.Abandon _ -> { }
                case SmtpAction.NeedInput _ -> {
                    return octets;
                }
                case SmtpAction.NeedAnswer _, SmtpAction.Close _, SmtpAction.StartTls _, SmtpAction.AskCredentials _ ->
                        throw new IllegalStateException("the session went wrong");
            }
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
