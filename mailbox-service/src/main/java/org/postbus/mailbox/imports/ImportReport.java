package org.postbus.mailbox.imports;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Optional;
import java.util.UUID;

/** What became of each message, in the order of the archive. It is kept in few octets, since there may be a hundred thousand. */
final class ImportReport {

    /** Messages of one request. */
    static final int MOST = 100_000;

    private static final int NOTHING = 0xFF;

    private final int first;
    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
    private final DataOutputStream rows = new DataOutputStream(octets);
    private final int[] counts = new int[Verdict.Status.values().length];
    private int size;

    /** @param first the number of the first message that is told of */
    ImportReport(int first) {
        this.first = first;
    }

    void add(Optional<String> name, Verdict verdict) {
        try {
            rows.writeByte(verdict.status().ordinal());
            rows.writeByte(verdict.reason().map(Enum::ordinal).orElse(NOTHING));
            rows.writeBoolean(verdict.mailId().isPresent());
            if (verdict.mailId().isPresent()) {
                rows.writeLong(verdict.mailId().get().getMostSignificantBits());
                rows.writeLong(verdict.mailId().get().getLeastSignificantBits());
            }
            rows.writeLong(verdict.octets());
            rows.writeUTF(name.orElse(""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        counts[verdict.status().ordinal()]++;
        size++;
    }

    int count(Verdict.Status status) {
        return counts[status.ordinal()];
    }

    int size() {
        return size;
    }

    /** Reads the rows anew for each iterator, one at a time. */
    Iterable<ImportView.Message> messages() {
        return () -> {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(octets.toByteArray()));
            return new Iterator<>() {

                private int read;

                @Override
                public boolean hasNext() {
                    return read < size;
                }

                @Override
                public ImportView.Message next() {
                    return message(in, first + read++);
                }
            };
        };
    }

    private static ImportView.Message message(DataInputStream in, int n) {
        try {
            Verdict.Status status = Verdict.Status.values()[in.readUnsignedByte()];
            int reason = in.readUnsignedByte();
            Optional<UUID> mailId = in.readBoolean() ? Optional.of(new UUID(in.readLong(), in.readLong())) : Optional.empty();
            long octets = in.readLong();
            String name = in.readUTF();
            return ImportView.Message.of(n, name, new Verdict(status, mailId,
                    reason == NOTHING ? Optional.empty() : Optional.of(Reason.values()[reason]), octets));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
