package org.postbus.mailbox.filing;

import static org.postbus.mailbox.database.SqlArrays.instants;
import static org.postbus.mailbox.database.SqlArrays.integers;
import static org.postbus.mailbox.database.SqlArrays.octets;
import static org.postbus.mailbox.database.SqlArrays.uuids;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.postbus.events.ContractViolation;
import org.postbus.mailbox.content.ChunkWriter;

/** Chunks of large mails: kept as they came, listed nowhere, until their closing record or until they are orphans. */
final class ChunkParking {

    /** Far longer than a session may spend in DATA: a sender that comes back after this begins a new mail. */
    static final Duration ORPHANED_AFTER = Duration.ofHours(24);

    /** A mail of 1 GiB: more than any limit lets in. */
    static final int MAX_CHUNKS = 4096;

    private static final int ORPHANS_AT_A_TIME = 10;
    private static final Logger LOG = Logger.getLogger(ChunkParking.class);

    private static final String ANNOUNCE = """
            insert into content (mail_id, state, octets, chunks, header_from, header_subject, header_date)
            select m, 'parked', 0, 0, '', '', '' from unnest(?) as mail(m) order by m
            on conflict do nothing returning mail_id""";
    private static final String PARK = """
            insert into parked (mail_id, partition, envelope, last_chunk_at)
            select * from unnest(?, ?, ?, ?)""";
    private static final String KNOWN = "select mail_id, state from content where mail_id = any(?)";
    private static final String HERE = """
            select m, c from unnest(?, ?) as arrived(m, c)
             where exists (select from content_chunk where mail_id = m and n = c)""";
    private static final String TOUCH = """
            update parked set last_chunk_at = greatest(last_chunk_at, at)
              from (select m, max(t) as at from unnest(?, ?) as chunk(m, t) group by m) as latest
             where mail_id = m""";
    private static final String ORPHANS = """
            with orphan as (
                delete from content where mail_id in (select mail_id from parked
                    where partition = ? and last_chunk_at < ?::timestamptz order by last_chunk_at limit ?)
                returning mail_id),
            octets as (delete from content_chunk where mail_id in (select mail_id from orphan))
            select mail_id from orphan""";

    private record Key(UUID mailId, int n) {
    }

    private ChunkParking() {
    }

    /** Keeps the chunks, in order, of mails that are not decided yet; those that are here already change nothing. */
    static void park(Connection connection, List<ArrivedChunk> chunks) throws ContractViolation, SQLException {
        if (chunks.isEmpty()) {
            return;
        }
        announce(connection, chunks.stream().filter(chunk -> chunk.envelope().isPresent()).toList());
        Set<UUID> parked = parked(connection, chunks);
        List<ArrivedChunk> wanted = chunks.stream().filter(chunk -> parked.contains(chunk.mailId())).toList();
        write(connection, wanted);
        touch(connection, wanted);
    }

    private static void announce(Connection connection, List<ArrivedChunk> firsts) throws SQLException {
        if (firsts.isEmpty()) {
            return;
        }
        Set<UUID> fresh = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(ANNOUNCE)) {
            statement.setArray(1, uuids(connection, firsts.stream().map(ArrivedChunk::mailId).toList()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    fresh.add(row.getObject(1, UUID.class));
                }
            }
        }
        List<ArrivedChunk> news = firsts.stream().filter(chunk -> fresh.remove(chunk.mailId())).toList();
        try (PreparedStatement statement = connection.prepareStatement(PARK)) {
            statement.setArray(1, uuids(connection, news.stream().map(ArrivedChunk::mailId).toList()));
            statement.setArray(2, integers(connection, news.stream().map(ArrivedChunk::partition).toList()));
            statement.setArray(3, octets(connection, news.stream().map(chunk -> chunk.envelope().orElseThrow()).toList()));
            statement.setArray(4, instants(connection, news.stream().map(ArrivedChunk::at).toList()));
            statement.executeUpdate();
        }
    }

    /** The parked among the chunks' mails. Others are decided; a mail without any trace has lost its first chunk. */
    private static Set<UUID> parked(Connection connection, List<ArrivedChunk> chunks)
            throws ContractViolation, SQLException {
        Set<UUID> unknown = new HashSet<>(chunks.stream().map(ArrivedChunk::mailId).toList());
        Set<UUID> parked = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(KNOWN)) {
            statement.setArray(1, uuids(connection, List.copyOf(unknown)));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    UUID mailId = row.getObject("mail_id", UUID.class);
                    unknown.remove(mailId);
                    if ("parked".equals(row.getString("state"))) {
                        parked.add(mailId);
                    }
                }
            }
        }
        if (!unknown.isEmpty()) {
            throw new ContractViolation("a chunk without the first chunk of its mail");
        }
        return parked;
    }

    private static void write(Connection connection, List<ArrivedChunk> chunks) throws SQLException {
        Set<Key> here = here(connection, chunks);
        try (ChunkWriter writer = new ChunkWriter(connection)) {
            for (ArrivedChunk chunk : chunks) {
                if (here.add(new Key(chunk.mailId(), chunk.n()))) {
                    writer.write(chunk.mailId(), chunk.n(), chunk.data());
                }
            }
            writer.finish();
        }
    }

    private static Set<Key> here(Connection connection, List<ArrivedChunk> chunks) throws SQLException {
        Set<Key> here = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(HERE)) {
            statement.setArray(1, uuids(connection, chunks.stream().map(ArrivedChunk::mailId).toList()));
            statement.setArray(2, integers(connection, chunks.stream().map(ArrivedChunk::n).toList()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    here.add(new Key(row.getObject(1, UUID.class), row.getInt(2)));
                }
            }
        }
        return here;
    }

    private static void touch(Connection connection, List<ArrivedChunk> chunks) throws SQLException {
        try (PreparedStatement touch = connection.prepareStatement(TOUCH)) {
            touch.setArray(1, uuids(connection, chunks.stream().map(ArrivedChunk::mailId).toList()));
            touch.setArray(2, instants(connection, chunks.stream().map(ArrivedChunk::at).toList()));
            touch.executeUpdate();
        }
    }

    /**
     * Drops mails whose closing record will not come any more. A few at a time: each may be large.
     *
     * @param logTimes for each partition how far its log is consumed, in the time of its records
     */
    static void dropOrphans(Connection connection, Map<Integer, Instant> logTimes) throws SQLException {
        for (Map.Entry<Integer, Instant> partition : logTimes.entrySet()) {
            try (PreparedStatement statement = connection.prepareStatement(ORPHANS)) {
                statement.setInt(1, partition.getKey());
                statement.setString(2, partition.getValue().minus(ORPHANED_AFTER).toString());
                statement.setInt(3, ORPHANS_AT_A_TIME);
                log(statement);
            }
        }
    }

    private static void log(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                LOG.warnf("mail %s never had its closing record: its chunks are dropped", row.getObject(1, UUID.class));
            }
        }
    }
}
