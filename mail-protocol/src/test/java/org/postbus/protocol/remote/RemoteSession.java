package org.postbus.protocol.remote;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLSocket;
import org.postbus.protocol.remote.Script.Answer;
import org.postbus.protocol.remote.Script.Moment;

/** One connection to a {@link RemoteMx}. */
public final class RemoteSession {

    private final RemoteMx mx;
    private final int number;
    private Socket socket;
    private InputStream in;
    private OutputStream out;
    private boolean tls;
    private String mail = "";
    private List<String> recipients = new ArrayList<>();
    private final ByteArrayOutputStream chunks = new ByteArrayOutputStream();

    RemoteSession(RemoteMx mx, int number, Socket socket) throws IOException {
        this.mx = mx;
        this.number = number;
        use(socket);
    }

    /** Counted from 1. */
    public int number() {
        return number;
    }

    public boolean tls() {
        return tls;
    }

    void run() throws IOException {
        try {
            boolean open = answer(new Moment.Connected(), "220 " + mx.name() + " ESMTP\r\n");
            while (open) {
                String line = readLine();
                mx.heard(line);
                open = command(line);
            }
        } finally {
            socket.close();
        }
    }

    /** Whether the session goes on. */
    private boolean command(String line) throws IOException {
        String verb = line.split(" ")[0].toUpperCase(Locale.ROOT);
        Moment moment = new Moment.Command(line);
        return switch (verb) {
            case "EHLO" -> answer(moment, ehlo());
            case "HELO" -> answer(moment, "250 " + mx.name() + "\r\n");
            case "STARTTLS" -> startTls(moment);
            case "AUTH" -> answer(moment, "235 2.7.0 welcome\r\n");
            case "MAIL" -> {
                Answer answer = mx.script().to(moment, this);
                if (isPositive(answer)) {
                    reset();
                    mail = line;
                }
                yield carryOut(answer, "250 2.1.0 ok\r\n");
            }
            case "RCPT" -> {
                Answer answer = mx.script().to(moment, this);
                if (isPositive(answer)) {
                    recipients.add(line);
                }
                yield carryOut(answer, "250 2.1.5 ok\r\n");
            }
            case "DATA" -> data(moment);
            case "BDAT" -> chunk(moment, line);
            case "RSET" -> {
                reset();
                yield answer(moment, "250 2.0.0 ok\r\n");
            }
            case "NOOP" -> answer(moment, "250 2.0.0 ok\r\n");
            case "QUIT" -> {
                answer(moment, "221 2.0.0 bye\r\n");
                yield false;
            }
            default -> answer(moment, "500 5.5.2 what?\r\n");
        };
    }

    private String ehlo() {
        StringBuilder lines = new StringBuilder();
        List<String> keywords = new ArrayList<>(mx.keywords());
        if (mx.certificate().isPresent() && !tls) {
            keywords.add("STARTTLS");
        }
        keywords.addFirst(mx.name());
        for (int i = 0; i < keywords.size(); i++) {
            lines.append(i + 1 < keywords.size() ? "250-" : "250 ").append(keywords.get(i)).append("\r\n");
        }
        return lines.toString();
    }

    private boolean startTls(Moment moment) throws IOException {
        Answer answer = mx.script().to(moment, this);
        if (!isPositive(answer) || mx.certificate().isEmpty() || !carryOut(answer, "220 2.0.0 go\r\n")) {
            return mx.certificate().isEmpty() ? answer(moment, "502 5.5.1 no\r\n") : carryOut(answer, "");
        }
        SSLSocket secure = (SSLSocket) mx.certificate().get().getSocketFactory().createSocket(socket, null, socket.getPort(), true);
        secure.setUseClientMode(false);
        secure.startHandshake();
        use(secure);
        tls = true;
        reset();
        return true;
    }

    private boolean data(Moment moment) throws IOException {
        Answer answer = mx.script().to(moment, this);
        if (answer instanceof Answer.Usual && recipients.isEmpty()) {
            return carryOut(new Answer.Say("554 5.5.1 no valid recipients\r\n"), "");
        }
        if (!carryOut(answer, "354 go\r\n")) {
            return false;
        }
        if (answer instanceof Answer.Usual || answer instanceof Answer.Say(var said) && said.startsWith("354")) {
            ByteArrayOutputStream data = new ByteArrayOutputStream();
            for (byte[] line = readOctets(); line.length != 3 || line[0] != '.'; line = readOctets()) {
                int from = line[0] == '.' ? 1 : 0;
                data.write(line, from, line.length - from);
            }
            return complete(data.toByteArray());
        }
        return true;
    }

    private boolean chunk(Moment moment, String line) throws IOException {
        String[] words = line.split(" ");
        chunks.write(in.readNBytes(Integer.parseInt(words[1])));
        boolean last = words.length > 2 && words[2].equalsIgnoreCase("LAST");
        Answer answer = mx.script().to(moment, this);
        if (!last || !(answer instanceof Answer.Usual) || recipients.isEmpty()) {
            return carryOut(recipients.isEmpty() && answer instanceof Answer.Usual ? new Answer.Say("554 5.5.1 no recipients\r\n")
                    : answer, "250 2.0.0 ok\r\n");
        }
        return complete(chunks.toByteArray());
    }

    private boolean complete(byte[] octets) throws IOException {
        ReceivedMail received = new ReceivedMail(mail, List.copyOf(recipients), octets, tls);
        reset();
        Answer answer = mx.script().to(new Moment.MailComplete(received), this);
        if (isPositive(answer)) {
            // Taken before it is said: a client that hears 250 finds it there.
            mx.took(received);
        }
        return carryOut(answer, "250 2.0.0 taken\r\n");
    }

    private void reset() {
        mail = "";
        recipients = new ArrayList<>();
        chunks.reset();
    }

    private boolean answer(Moment moment, String usual) throws IOException {
        return carryOut(mx.script().to(moment, this), usual);
    }

    private static boolean isPositive(Answer answer) {
        return switch (answer) {
            case Answer.Usual usual -> true;
            case Answer.Say(var octets) -> octets.startsWith("2");
            case Answer.SayAndDrop(var octets) -> octets.startsWith("2");
            case Answer.Nothing nothing -> false;
            case Answer.Drop drop -> false;
            case Answer.SayForEver forEver -> false;
            case Answer.SaySlowly(var octets, var pause) -> octets.startsWith("2");
            case Answer.SayThenDrop(var octets, var then) -> false;
            case Answer.SayAndBeDeaf(var octets) -> false;
        };
    }

    /** Whether the session goes on. */
    private boolean carryOut(Answer answer, String usual) throws IOException {
        switch (answer) {
            case Answer.Usual ignored -> say(usual);
            case Answer.Say(var octets) -> say(octets);
            case Answer.Nothing nothing -> { }
            case Answer.SayAndDrop(var octets) -> say(octets);
            case Answer.Drop drop -> { }
            case Answer.SayForEver(var octets) -> {
                while (true) {
                    say(octets);
                }
            }
            case Answer.SaySlowly(var octets, var pause) -> {
                for (char octet : octets.toCharArray()) {
                    LockSupport.parkNanos(pause.toNanos());
                    say(String.valueOf(octet));
                }
            }
            case Answer.SayAndBeDeaf(var octets) -> {
                say(octets);
                while (!socket.isClosed()) {
                    LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
                }
            }
            case Answer.SayThenDrop(var octets, var then) -> {
                say(octets);
                in.read();
                say(then);
            }
        }
        return !(answer instanceof Answer.Drop || answer instanceof Answer.SayAndDrop || answer instanceof Answer.SayThenDrop);
    }

    private void say(String octets) throws IOException {
        out.write(octets.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        mx.said(octets.length());
    }

    private void use(Socket used) throws IOException {
        socket = used;
        in = new BufferedInputStream(used.getInputStream());
        out = used.getOutputStream();
    }

    private String readLine() throws IOException {
        byte[] octets = readOctets();
        return new String(octets, 0, octets.length - 2, StandardCharsets.UTF_8);
    }

    /** Up to CRLF, strictly: a bare CR or LF is part of the line, so that smuggling would show. */
    private byte[] readOctets() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int before = -1;
        for (int octet = in.read(); octet >= 0; octet = in.read()) {
            line.write(octet);
            if (octet == '\n' && before == '\r') {
                return line.toByteArray();
            }
            before = octet;
        }
        throw new EOFException();
    }
}
