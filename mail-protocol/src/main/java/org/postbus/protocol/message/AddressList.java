package org.postbus.protocol.message;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes the addresses out of an address list, without display names, comments and groups' names.
 *
 * <p>address-list = address *("," address) ; address = mailbox / group ; mailbox = [display-name] "&lt;" addr-spec "&gt;" / addr-spec ;
 * group = display-name ":" [mailbox-list] ";" (RFC 5322, section 3.4)
 */
final class AddressList {

    private final String text;
    private final List<String> addresses = new ArrayList<>();
    private final StringBuilder bare = new StringBuilder();
    private final StringBuilder angle = new StringBuilder();
    private boolean inAngle;
    private int at;

    AddressList(String text) {
        this.text = text;
    }

    List<String> addresses() {
        while (at < text.length()) {
            char c = text.charAt(at);
            switch (c) {
                case '(' -> comment();
                case '"' -> quoted();
                case '<' -> inAngle = true;
                case '>' -> inAngle = false;
                case ',', ';' -> separator(c);
                // In angle brackets a source route ends here, else the name of a group.
                case ':' -> part().setLength(0);
                default -> part().append(c <= ' ' ? "" : c);
            }
            at++;
        }
        endOfMailbox();
        return addresses;
    }

    private StringBuilder part() {
        return inAngle ? angle : bare;
    }

    /** A comma in angle brackets is one of a source route. */
    private void separator(char c) {
        if (inAngle) {
            angle.append(c);
        } else {
            endOfMailbox();
        }
    }

    private void endOfMailbox() {
        String address = (angle.isEmpty() ? bare : angle).toString();
        if (address.contains("@")) {
            addresses.add(address);
        }
        bare.setLength(0);
        angle.setLength(0);
        inAngle = false;
    }

    private void comment() {
        int depth = 0;
        do {
            switch (text.charAt(at)) {
                case '(' -> depth++;
                case ')' -> depth--;
                case '\\' -> at++;
                default -> { }
            }
            at++;
        } while (depth > 0 && at < text.length());
        at--;
    }

    private void quoted() {
        int start = at;
        at++;
        while (at < text.length() && text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        part().append(text, start, Math.min(text.length(), at + 1));
    }
}
