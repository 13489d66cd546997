package org.postbus.systemtest.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.postbus.systemtest.RunningPlatform;

/** The outbound queue of a platform, as its tables are. */
record Queue(RunningPlatform platform) {

    /** Recipients that wait. */
    long recipients() throws SQLException, IOException {
        return count("select count(*) from delivery.recipient");
    }

    /** Of them those that an instance attempts just now, or says so. */
    long claimed() throws SQLException, IOException {
        return count("select count(*) from delivery.recipient where claimed_by is not null");
    }

    /** Mails and their octets, and what is to be told of them. */
    long rest() throws SQLException, IOException {
        return count("select (select count(*) from delivery.mail where done_at is null) + (select count(*) from delivery.chunk)"
                + " + (select count(*) from delivery.outbox)");
    }

    private long count(String query) throws SQLException, IOException {
        try (Connection connection = connect();
                PreparedStatement count = connection.prepareStatement(query);
                ResultSet row = count.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private Connection connect() throws SQLException, IOException {
        String password = Files.readString(platform.data().resolve("postgres/password")).strip();
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + platform.postgresPort() + "/postbus", "postgres", password);
    }
}
