package org.postbus.mailbox.deadletter;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.postbus.consumer.BatchHandler;
import org.postbus.mailbox.database.SqlArrays;

/** Keeps the dead letters of all services where the API finds them. */
public final class DeadLetterIndex implements BatchHandler {

    private static final String ADD = """
            insert into dead_letter (id, service, topic, partition, "offset", reason, buried_at, mail_id, key, value,
                                     cut_from, header_names, header_values)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing""";

    @Override
    public void apply(Connection connection, List<ConsumerRecord<byte[], byte[]>> records) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ADD)) {
            for (ConsumerRecord<byte[], byte[]> record : records) {
                bind(connection, statement, BuriedRecord.of(record));
                statement.executeUpdate();
            }
        }
    }

    private static void bind(Connection connection, PreparedStatement statement, BuriedRecord letter) throws SQLException {
        statement.setObject(1, letter.id());
        statement.setString(2, letter.service());
        statement.setString(3, letter.topic());
        statement.setInt(4, letter.partition());
        statement.setLong(5, letter.offset());
        statement.setString(6, letter.reason());
        statement.setObject(7, letter.at().atOffset(ZoneOffset.UTC));
        statement.setObject(8, letter.mailId().orElse(null), Types.OTHER);
        statement.setBytes(9, letter.key());
        statement.setBytes(10, letter.value());
        statement.setObject(11, letter.cutFrom().isPresent() ? letter.cutFrom().getAsLong() : null, Types.BIGINT);
        statement.setArray(12, SqlArrays.texts(connection, letter.headers().stream().map(Header::key)
                .map(name -> name.replace('\0', ' ')).toList()));
        statement.setArray(13, SqlArrays.octets(connection, letter.headers().stream().map(header ->
                header.value() == null ? new byte[0] : header.value()).toList()));
    }
}
