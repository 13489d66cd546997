package org.postbus.protocol.fuzz;

import java.lang.reflect.Field;

/** How many octets of input an engine keeps: its own business, and still what a stranger could grow without end. */
final class Retained {

    private Retained() {}

    /** Octets that the SMTP engine has not read. */
    static int unread(Object engine) {
        Object input = value(engine, "input");
        return ((byte[]) value(input, "octets")).length - (int) value(input, "at");
    }

    /** Octets of the line that the POP3 engine is in. */
    static int line(Object engine) {
        Object lines = value(engine, "lines");
        return ((byte[]) value(lines, "input")).length - (int) value(lines, "at");
    }

    private static Object value(Object owner, String name) {
        try {
            Field field = owner.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return field.get(owner);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
