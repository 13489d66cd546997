package org.postbus.mailbox.filing;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.UUID;
import javax.sql.DataSource;
import org.postbus.events.MailRecord;
import org.postbus.mailbox.content.ContentReader;
import org.postbus.mailbox.database.Database;
import org.postgresql.ds.PGSimpleDataSource;

/** Closes a parked mail and reads it back, in a JVM whose heap is smaller than the mail. */
final class SmallHeap {

    private SmallHeap() {
    }

    /** @param arguments URL, user and password of the database; mail id, chunks, octets and SHA-256 of the mail */
    public static void main(String[] arguments) throws Exception {
        UUID mailId = UUID.fromString(arguments[3]);
        var closing = new MailRecord.Closing<org.postbus.events.RoutedEnvelope>(mailId, Integer.parseInt(arguments[4]),
                Long.parseLong(arguments[5]), arguments[6]);
        long octets;
        try (Connection connection = DriverManager.getConnection(arguments[0], arguments[1], arguments[2])) {
            connection.setAutoCommit(false);
            octets = LargeMails.close(connection, closing).orElseThrow().mail().octets();
            connection.commit();
        }
        new ContentReader(new Database(source(arguments))).copy(mailId, octets, OutputStream.nullOutputStream());
        System.out.println("octets " + octets);
    }

    /** Starts this class in a JVM of its own; its output. */
    static String run(int heapMebibytes, String... arguments) throws IOException, InterruptedException {
        var command = new java.util.ArrayList<>(java.util.List.of(
                ProcessHandle.current().info().command().orElseThrow(), "-Xmx" + heapMebibytes + "m", "-XX:+UseSerialGC", "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), SmallHeap.class.getName()));
        command.addAll(java.util.List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    private static DataSource source(String[] arguments) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(arguments[0]);
        source.setUser(arguments[1]);
        source.setPassword(arguments[2]);
        return source;
    }
}
