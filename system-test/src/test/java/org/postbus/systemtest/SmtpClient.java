package org.postbus.systemtest;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postbus.protocol.tls.TrustAll;

/** A plain SMTP client that shows every reply. The session is greeted. */
public final class SmtpClient extends LineClient {

    private static final int SILENT_AT_LOGIN_MILLIS = 20_000;
    private static final Pattern MAIL_ID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    public SmtpClient(int port) throws IOException {
        this(connected(port));
    }

    private SmtpClient(Socket socket) throws IOException {
        this(socket, true);
    }

    /** @param greets whether the server speaks first, which it does not behind STARTTLS */
    private SmtpClient(Socket socket, boolean greets) throws IOException {
        super(socket);
        if (greets) {
            require("220", reply());
        }
        require("250", command("EHLO client.test"));
    }

    /** A session of an account, under TLS from the first octet (RFC 8314). */
    public static SmtpClient submission(int port, String account, String password) throws IOException {
        Socket socket = connected(port);
        socket.setSoTimeout(SILENT_AT_LOGIN_MILLIS);
        return logIn(new SmtpClient(TrustAll.handshake(socket)), account, password);
    }

    /** A session of an account, under TLS by STARTTLS (RFC 3207). */
    public static SmtpClient submissionByStartTls(int port, String account, String password) throws IOException {
        Socket socket = connected(port);
        require("220", new SmtpClient(socket).command("STARTTLS"));
        return logIn(new SmtpClient(TrustAll.handshake(socket), false), account, password);
    }

    private static SmtpClient logIn(SmtpClient client, String account, String password) throws IOException {
        String plain = "\0" + account + "\0" + password;
        try {
            require("235", client.command("AUTH PLAIN " + Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8))));
        } catch (IOException | AssertionError e) {
            client.close();
            throw e;
        }
        return client;
    }

    /** Sends a mail with CRLF line ends and no line that begins with a dot, and returns its id. */
    public String mail(String reversePath, List<String> forwardPaths, String text) throws IOException {
        return mail(reversePath, "", forwardPaths, text);
    }

    /** @param parameters of MAIL, each behind a space */
    String mail(String reversePath, String parameters, List<String> forwardPaths, String text) throws IOException {
        require("250", command("MAIL FROM:<" + reversePath + ">" + parameters));
        for (String forwardPath : forwardPaths) {
            require("250", command("RCPT TO:<" + forwardPath + ">"));
        }
        require("354", command("DATA"));
        write(text);
        return accepted(command("."));
    }

    public String command(String line) throws IOException {
        send(line);
        return reply();
    }

    /** All lines of one reply. */
    public String reply() throws IOException {
        StringBuilder reply = new StringBuilder();
        String line = line();
        while (line.startsWith("-", 3)) {
            reply.append(line).append('\n');
            line = line();
        }
        return reply.append(line).toString();
    }

    /** The mail id in the reply to the end of the data. */
    public static String accepted(String reply) {
        require("250", reply);
        Matcher id = MAIL_ID.matcher(reply);
        if (!id.find()) {
            throw new AssertionError("no mail id: " + reply);
        }
        return id.group();
    }

    public static void require(String start, String reply) {
        if (!reply.startsWith(start)) {
            throw new AssertionError("expected " + start + ", got " + reply);
        }
    }
}
