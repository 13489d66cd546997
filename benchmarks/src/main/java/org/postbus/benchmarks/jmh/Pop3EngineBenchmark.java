package org.postbus.benchmarks.jmh;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import org.postbus.protocol.pop3.Action;
import org.postbus.protocol.pop3.Pop3Engine;
import org.postbus.protocol.pop3.Pop3Policy;
import org.postbus.protocol.pop3.Snapshot;

/** One POP3 session in the TRANSACTION state, without a socket: a maildrop of 10,000 messages of 10 KB. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class Pop3EngineBenchmark {

    private static final int MESSAGES = 10_000;
    private static final byte[] COMMANDS = ascii("NOOP\r\nSTAT\r\nLIST 4711\r\nUIDL 4711\r\nNOOP\r\n");
    private static final int IN_COMMANDS = 5;
    private static final byte[] LIST = ascii("LIST\r\n");
    private static final byte[] UIDL = ascii("UIDL\r\n");
    private static final byte[] RETR = ascii("RETR 4711\r\n");

    private List<byte[]> message;
    private Pop3Engine engine;

    @Setup
    public void logIn() {
        byte[] text = Mails.text(10 * 1024);
        message = Pieces.of(text);
        engine = new Pop3Engine(new Pop3Policy("mx.demo.test", true, true, Duration.ofSeconds(1), MESSAGES), false);
        engine.receive(ascii("USER bob@demo.test\r\nPASS secret\r\n"));
        while (!(engine.next() instanceof Action.OpenMaildrop)) {
            // the greeting
        }
        ByteBuffer entries = ByteBuffer.allocate(MESSAGES * Snapshot.ENTRY_OCTETS);
        for (int number = 1; number <= MESSAGES; number++) {
            entries.putLong(Mails.MAIL_ID.getMostSignificantBits()).putLong(number).putLong(text.length);
        }
        engine.opened(new Snapshot(entries.array()));
        while (!(engine.next() instanceof Action.NeedOctets)) {
            // the answer to PASS
        }
    }

    @Benchmark
    public void commands(Counted counted, Blackhole host) {
        counted.commands += IN_COMMANDS;
        counted.octets += work(COMMANDS, host);
    }

    /** One scan listing of the whole maildrop. */
    @Benchmark
    public void list(Counted counted, Blackhole host) {
        counted.lines += MESSAGES;
        counted.octets += work(LIST, host);
    }

    /** One unique-id listing of the whole maildrop. */
    @Benchmark
    public void uidl(Counted counted, Blackhole host) {
        counted.lines += MESSAGES;
        counted.octets += work(UIDL, host);
    }

    /** One message. */
    @Benchmark
    public void retr(Counted counted, Blackhole host) {
        counted.octets += work(RETR, host);
    }

    /** Does what the engine asks for; octets that went to the client. */
    private long work(byte[] commands, Blackhole host) {
        engine.receive(commands);
        long octets = 0;
        while (true) {
            switch (engine.next()) {
                case Action.Send(var piece) -> {
                    host.consume(piece);
                    octets += piece.length;
                }
                case Action.FetchMessage _ -> octets += content(host);
                case Action.NeedOctets _ -> {
                    return octets;
                }
                case Action.NeedAnswer _, Action.Close _, Action.StopContent _, Action.StartTls _, Action.OpenMaildrop _,
                        Action.UpdateMaildrop _, Action.Wait _ ->
                        throw new IllegalStateException("the session went wrong");
            }
        }
    }

    /** As a host does it: what can be sent goes out before the next piece comes in. */
    private long content(Blackhole host) {
        engine.contentBegins();
        long octets = 0;
        for (byte[] piece : message) {
            engine.content(piece);
            if (engine.next() instanceof Action.Send(var framed)) {
                host.consume(framed);
                octets += framed.length;
            }
        }
        engine.contentEnds();
        return octets;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
