package org.postbus.smtpgateway.filter;

import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.net.Inet6Address;
import java.util.ArrayList;
import java.util.List;
import org.postbus.protocol.message.HeaderFields;

/** What a milter is told of a mail, step by step, as far as it wants to hear of each. */
final class MilterCommands {

    static final int VERSION = 6;
    /** What we let a milter do: add fields, change fields, hold mail back. */
    static final int ACTIONS = 0x01 | 0x10 | 0x20;
    /** What we let it leave out: every step, every answer to a step, the rest of a body; and that a value begins with its space. */
    static final int PROTOCOL = 0x7f | 0x80 | 0x200 | 0x400 | 0x1000 | 0x2000 | 0x4000 | 0x8000 | 0x10000 | 0x40000 | 0x80000 | 0x100000;
    private static final int LEADING_SPACE = 0x100000;
    private static final int BODY_OCTETS = 65_535;

    private final MailFacts mail;
    private final int protocol;

    /** @param protocol what the milter chose of {@link #PROTOCOL} */
    MilterCommands(MailFacts mail, int protocol) {
        this.mail = mail;
        this.protocol = protocol;
    }

    /** @param answered whether the milter answers it */
    record Command(Buffer octets, boolean answered) { }

    /** A step that a milter may leave out, and may leave unanswered, by one flag each. */
    private enum Step {
        CONNECT('C', 0x01, 0x1000), HELO('H', 0x02, 0x2000), MAIL('M', 0x04, 0x4000), RCPT('R', 0x08, 0x8000),
        DATA('T', 0x200, 0x10000), HEADER('L', 0x20, 0x80), END_OF_HEADER('N', 0x40, 0x40000), BODY('B', 0x10, 0x80000);

        private final char code;
        private final int unwanted;
        private final int unanswered;

        Step(char code, int unwanted, int unanswered) {
            this.code = code;
            this.unwanted = unwanted;
            this.unanswered = unanswered;
        }
    }

    static Buffer negotiation() {
        return MilterPackets.packet('O', Buffer.buffer().appendInt(VERSION).appendInt(ACTIONS).appendInt(PROTOCOL));
    }

    /** All before the body. */
    List<Command> envelopeAndHeader(HeaderFields header) {
        List<Command> commands = new ArrayList<>();
        String address = mail.client().getHostAddress();
        char family = mail.client() instanceof Inet6Address ? '6' : '4';
        add(commands, Step.CONNECT, MilterPackets.strings("[" + address + "]").appendByte((byte) family).appendShort((short) 0)
                .appendBuffer(MilterPackets.strings((family == '6' ? "IPv6:" : "") + address)),
                "j", mail.hostname(), "{client_addr}", address, "{daemon_name}", "Postbus");
        mail.heloName().ifPresent(name -> add(commands, Step.HELO, MilterPackets.strings(name), tls()));
        add(commands, Step.MAIL, MilterPackets.strings("<" + mail.reversePath() + ">"), sender());
        for (String recipient : mail.recipients()) {
            add(commands, Step.RCPT, MilterPackets.strings("<" + recipient + ">"), "{rcpt_addr}", recipient);
        }
        add(commands, Step.DATA, Buffer.buffer(), "i", mail.mailId());
        for (HeaderFields.Field field : header.fields()) {
            String value = (protocol & LEADING_SPACE) != 0 ? field.value() : field.value().replaceFirst("^[ \t]", "");
            add(commands, Step.HEADER, MilterPackets.strings(field.name(), value.replace("\r\n", "\n")));
        }
        add(commands, Step.END_OF_HEADER, Buffer.buffer(), "i", mail.mailId());
        return commands;
    }

    List<Command> body(byte[] octets, int from) {
        List<Command> commands = new ArrayList<>();
        for (int at = from; at < octets.length; at += BODY_OCTETS) {
            add(commands, Step.BODY, Buffer.buffer(Unpooled.wrappedBuffer(octets, at, Math.min(BODY_OCTETS, octets.length - at))));
        }
        return commands;
    }

    /** The body is complete; it is always answered. */
    Buffer end() {
        return macros('E', "i", mail.mailId()).appendBuffer(MilterPackets.packet('E', Buffer.buffer()));
    }

    private String[] tls() {
        return mail.tls().map(tls -> new String[] {"{tls_version}", tls.version(), "{cipher}", tls.cipher()}).orElse(new String[0]);
    }

    private String[] sender() {
        List<String> macros = new ArrayList<>(List.of("i", mail.mailId(), "{mail_addr}", mail.reversePath()));
        mail.login().ifPresent(login -> macros.addAll(List.of("{auth_authen}", login, "{auth_type}", "PLAIN")));
        return macros.toArray(String[]::new);
    }

    private void add(List<Command> commands, Step step, Buffer data, String... macros) {
        if ((protocol & step.unwanted) != 0) {
            return;
        }
        Buffer octets = macros.length == 0 ? Buffer.buffer() : macros(step.code, macros);
        commands.add(new Command(octets.appendBuffer(MilterPackets.packet(step.code, data)), (protocol & step.unanswered) == 0));
    }

    private static Buffer macros(char step, String... macros) {
        return MilterPackets.packet('D', Buffer.buffer().appendByte((byte) step).appendBuffer(MilterPackets.strings(macros)));
    }
}
