package org.postbus.protocol.transcript;

/** One step of a transcript, in the order of the file. */
public sealed interface Step {

    /** The line of the file that this step stands on, from 1. */
    int line();

    /** One group of client octets, sent in one write unless a {@link Chunking} says otherwise. */
    record Send(int line, byte[] octets) implements Step {}

    /** One line that the server must say. */
    record Expect(int line, LinePattern pattern) implements Step {}

    /** Any number of server lines, up to one that matches the next expected line. */
    record ExpectLines(int line) implements Step {}

    /** The client begins TLS and both go on under it. */
    record Handshake(int line) implements Step {}

    /** The server closes the connection and says nothing before. */
    record ExpectClose(int line) implements Step {}
}
