package org.postbus.protocol.smtp.client;

/**
 * The guard against smuggling out: mail data in which a CR or LF stands alone never leaves. Acceptance lets none through, so this
 * is what stands behind it; a repair here would send another mail than the one that was accepted and signed. A remote that takes a
 * bare line end for CRLF could read what follows as a command, under BDAT the server behind it could; so the piece that bears it
 * is not written, and the connection ends before mail data do: the remote has no whole mail, and nothing of it stood where it
 * reads commands.
 */
final class LineEnds {

    private boolean cr;

    /**
     * Takes the next piece into account.
     *
     * @param last whether mail data end with it
     * @return whether all line ends are whole
     */
    boolean takes(byte[] octets, int offset, int length, boolean last) {
        for (int i = offset; i < offset + length; i++) {
            if (octets[i] == '\n' != cr) {
                return false;
            }
            cr = octets[i] == '\r';
        }
        return !(last && cr);
    }
}
