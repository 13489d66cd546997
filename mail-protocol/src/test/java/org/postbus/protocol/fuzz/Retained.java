package org.postbus.protocol.fuzz;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.postbus.protocol.pop3.Pop3Engine;
import org.postbus.protocol.smtp.SmtpServerEngine;
import org.postbus.protocol.smtp.client.SmtpClientEngine;

/** How many octets of input an engine keeps: its own business, and still what a stranger could grow without end. */
final class Retained {

    private static final VarHandle SMTP_INPUT = field(SmtpServerEngine.class, "input", "smtp.Input");
    private static final VarHandle SMTP_OCTETS = octets("smtp.Input", "octets");
    private static final VarHandle SMTP_AT = at("smtp.Input");
    private static final VarHandle CLIENT_REPLIES = field(SmtpClientEngine.class, "replies", "smtp.client.ReplyReader");
    private static final VarHandle CLIENT_OCTETS = octets("smtp.client.ReplyReader", "octets");
    private static final VarHandle POP3_LINES = field(Pop3Engine.class, "lines", "pop3.CommandLines");
    private static final VarHandle POP3_OCTETS = octets("pop3.CommandLines", "input");
    private static final VarHandle POP3_AT = at("pop3.CommandLines");

    private Retained() {}

    /** Octets that the SMTP engine has not read. */
    static int unread(SmtpServerEngine engine) {
        Object input = SMTP_INPUT.get(engine);
        return ((byte[]) SMTP_OCTETS.get(input)).length - (int) SMTP_AT.get(input);
    }

    /** Octets that the SMTP client engine has room for. */
    static int unread(SmtpClientEngine engine) {
        return ((byte[]) CLIENT_OCTETS.get(CLIENT_REPLIES.get(engine))).length;
    }

    /** Octets of the line that the POP3 engine is in. */
    static int line(Pop3Engine engine) {
        Object lines = POP3_LINES.get(engine);
        return ((byte[]) POP3_OCTETS.get(lines)).length - (int) POP3_AT.get(lines);
    }

    private static VarHandle octets(String owner, String name) {
        return find(type(owner), name, byte[].class);
    }

    private static VarHandle at(String owner) {
        return find(type(owner), "at", int.class);
    }

    private static VarHandle field(Class<?> owner, String name, String type) {
        return find(owner, name, type(type));
    }

    private static VarHandle find(Class<?> owner, String name, Class<?> type) {
        try {
            return MethodHandles.privateLookupIn(owner, MethodHandles.lookup()).findVarHandle(owner, name, type);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName("org.postbus.protocol." + name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
