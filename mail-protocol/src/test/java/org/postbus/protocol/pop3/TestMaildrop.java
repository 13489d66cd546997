package org.postbus.protocol.pop3;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.postbus.protocol.transcript.Given;
import org.postbus.protocol.transcript.Transcript;

/** Accounts with maildrops in memory: what stands behind an engine or a stub of the internal API in tests. */
public final class TestMaildrop {

    /** A stored message. */
    public record Stored(UUID mailId, byte[] octets) {

        /** Whether a client has to ask for UTF-8 mode before it gets it; here, whether its header section is not ASCII. */
        public boolean isInternational() {
            String header = new String(octets, StandardCharsets.ISO_8859_1).split("\r\n\r\n", 2)[0];
            return header.chars().anyMatch(octet -> octet > 127);
        }
    }

    private final Map<String, String> passwords = new LinkedHashMap<>();
    private final Map<String, List<Stored>> messages = new LinkedHashMap<>();

    /** The accounts and mails that a transcript needs. */
    public static TestMaildrop of(Transcript transcript) {
        TestMaildrop maildrop = new TestMaildrop();
        for (Given given : transcript.givens()) {
            switch (given) {
                case Given.Account account -> maildrop.account(account.address(), account.password());
                case Given.Mail mail -> maildrop.add(mail.recipient(), mail.text().getBytes(StandardCharsets.ISO_8859_1));
                case Given.Domain ignored -> { }
                case Given.Alias ignored -> { }
                case Given.Config ignored -> { }
            }
        }
        return maildrop;
    }

    public TestMaildrop account(String address, String password) {
        passwords.put(address, password);
        messages.putIfAbsent(address, new ArrayList<>());
        return this;
    }

    public TestMaildrop add(String address, byte[] octets) {
        messages.get(address).add(new Stored(UUID.randomUUID(), octets));
        return this;
    }

    public boolean accepts(String address, String password) {
        return password.equals(passwords.get(address));
    }

    public List<Stored> messages(String address) {
        return messages.get(address);
    }

    /** The snapshot as the internal API gives it. */
    public byte[] snapshot(String address) {
        List<Stored> stored = messages.get(address);
        ByteBuffer snapshot = ByteBuffer.allocate(stored.size() * Snapshot.ENTRY_OCTETS);
        for (Stored message : stored) {
            snapshot.putLong(message.mailId().getMostSignificantBits()).putLong(message.mailId().getLeastSignificantBits())
                    .putLong(message.octets().length);
        }
        return snapshot.array();
    }

    public void delete(String address, List<UUID> mailIds) {
        messages.get(address).removeIf(message -> mailIds.contains(message.mailId()));
    }
}
