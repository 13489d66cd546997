package org.postbus.smtpgateway.filter;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Frames the packets of the milter protocol: length of what follows (uint32, big-endian), command, data. */
final class MilterPackets {

    /** Octets of a packet: a milter's longest answer is a header field, or a piece of a body that we did not ask for. */
    static final int MAX_OCTETS = 1024 * 1024;

    private Buffer input = Buffer.buffer();

    /** One packet. */
    record Packet(char command, byte[] data) {

        /** Strings that end in NUL each. */
        List<String> strings(int from) {
            List<String> strings = new ArrayList<>();
            int start = from;
            for (int i = from; i < data.length; i++) {
                if (data[i] == 0) {
                    strings.add(new String(data, start, i - start, StandardCharsets.UTF_8));
                    start = i + 1;
                }
            }
            if (start < data.length) {
                strings.add(new String(data, start, data.length - start, StandardCharsets.UTF_8));
            }
            return strings;
        }

        int number(int at) {
            return at + Integer.BYTES <= data.length ? Buffer.buffer(data).getInt(at) : 0;
        }
    }

    void append(Buffer octets) {
        input.appendBuffer(octets);
    }

    /**
     * The next packet, if all of it is here.
     *
     * @throws IllegalArgumentException what is there is none
     */
    Optional<Packet> next() {
        if (input.length() < Integer.BYTES) {
            return Optional.empty();
        }
        long length = input.getUnsignedInt(0);
        if (length < 1 || length > MAX_OCTETS) {
            throw new IllegalArgumentException("a packet of " + length + " octets");
        }
        int end = Integer.BYTES + (int) length;
        if (input.length() < end) {
            return Optional.empty();
        }
        Packet packet = new Packet((char) input.getByte(Integer.BYTES), input.getBytes(Integer.BYTES + 1, end));
        input = input.getBuffer(end, input.length());
        return Optional.of(packet);
    }

    static Buffer packet(char command, Buffer data) {
        return Buffer.buffer(Integer.BYTES + 1 + data.length())
                .appendInt(data.length() + 1).appendByte((byte) command).appendBuffer(data);
    }

    static Buffer strings(String... strings) {
        Buffer data = Buffer.buffer();
        for (String string : strings) {
            data.appendBytes(string.replace("\0", "").getBytes(StandardCharsets.UTF_8)).appendByte((byte) 0);
        }
        return data;
    }
}
