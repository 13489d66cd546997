package org.postbus.benchmarks;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.Recorder;

/**
 * One SMTP session that sends mail after mail as relays do: the envelope and DATA in one write (RFC 2920), then the
 * data and its end in another.
 */
final class Sender {

    private final Settings settings;
    private final byte[] data;
    /** Microseconds from the end of the data to its 250. */
    private final Recorder latency;
    private final LongAdder refused;

    Sender(Settings settings, Recorder latency, LongAdder refused) {
        this.settings = settings;
        this.data = data(settings.size());
        this.latency = latency;
        this.refused = refused;
    }

    /** Sends until told to stop; {@code first} spreads the sessions over the accounts. */
    void run(int first, BooleanSupplier running) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress("localhost", settings.smtpPort()));
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            reply(in);
            say(out, "EHLO load.test\r\n");
            reply(in);
            for (int n = first; running.getAsBoolean(); n += settings.recipients()) {
                mail(in, out, n);
            }
            say(out, "QUIT\r\n");
            reply(in);
        }
    }

    private void mail(InputStream in, OutputStream out, int n) throws IOException {
        StringBuilder envelope = new StringBuilder("MAIL FROM:<> SIZE=").append(settings.size()).append("\r\n");
        for (int r = 0; r < settings.recipients(); r++) {
            envelope.append("RCPT TO:<").append(settings.account(n + r)).append(">\r\n");
        }
        say(out, envelope.append("DATA\r\n").toString());
        int code = 0;
        for (int replies = settings.recipients() + 2; replies > 0; replies--) {
            code = reply(in);
        }
        if (code != 354) {
            refused.increment();
            say(out, "RSET\r\n");
            reply(in);
            return;
        }
        out.write(data);
        long ended = System.nanoTime();
        if (reply(in) == 250) {
            latency.recordValue((System.nanoTime() - ended) / 1000);
        } else {
            refused.increment();
        }
    }

    private static void say(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** The code of the next reply. */
    private static int reply(InputStream in) throws IOException {
        while (true) {
            byte[] start = in.readNBytes(4);
            if (start.length < 4) {
                throw new IOException("the server closed the connection");
            }
            int octet = in.read();
            while (octet != '\n' && octet >= 0) {
                octet = in.read();
            }
            if (start[3] == ' ') {
                return Integer.parseInt(new String(start, 0, 3, StandardCharsets.US_ASCII));
            }
        }
    }

    private static byte[] data(int size) {
        String header = "From: load@load.test\r\nTo: load@load.test\r\nSubject: load\r\n"
                + "Date: Mon, 23 Nov 2026 12:00:00 +0000\r\nMessage-ID: <load@load.test>\r\n\r\n";
        String line = "abcdefghijklmnopqrstuvwxyz0123456789 abcdefghijklmnopqrstuvwxyz0123456789\r\n";
        String text = header + line.repeat(Math.max(0, size - header.length()) / line.length());
        return (text + ".\r\n").getBytes(StandardCharsets.US_ASCII);
    }
}
