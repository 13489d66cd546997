package org.postbus.systemtest.faults.cluster;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postbus.systemtest.Await;
import org.postbus.systemtest.Launcher;

/**
 * Backups of a server as its manual has them (section 25.3): its WAL goes into an archive, its files are copied while it runs, and a lost
 * server comes back from both, at a point that was marked.
 */
public final class PostgresBackup implements AutoCloseable {

    private static final Duration ARCHIVED_WITHIN = Duration.ofSeconds(30);
    private static final Duration RECOVERED_WITHIN = Duration.ofSeconds(120);
    /** Which a backup must not have: its WAL comes from the archive, and its server is another one. */
    private static final Set<String> LEFT_OUT = Set.of("pg_wal", "postmaster.pid", "postmaster.opts", "pg_replslot");
    private static final List<String> MADE_EMPTY = List.of("pg_wal", "pg_wal/archive_status", "pg_replslot");

    private final PostgresServer server;
    private final Path archive;
    private final Path base;
    private int points;

    private PostgresBackup(PostgresServer server, Path folder) throws IOException {
        this.server = server;
        this.archive = Files.createDirectories(folder.resolve("wal"));
        this.base = folder.resolve("base");
    }

    /** From now on WAL is archived; the server is started anew for it. */
    public static PostgresBackup begin(PostgresServer server, Path folder) throws Exception {
        PostgresBackup backup = new PostgresBackup(server, folder);
        String target = backup.archive + "/%f";
        backup.execute("alter system set archive_mode = on");
        backup.execute("alter system set archive_command = 'test ! -f " + target + " && cp %p " + target + "'");
        server.stop();
        server.start();
        return backup;
    }

    /** Copies the files of the running server. */
    public void copy() throws Exception {
        delete(base);
        try (Connection connection = server.connect(); Statement statement = connection.createStatement()) {
            // The session that began it has to end it.
            statement.execute("select pg_backup_start('faults', true)");
            copyFiles();
            try (ResultSet row = statement.executeQuery("select labelfile from pg_backup_stop(true)")) {
                row.next();
                Files.writeString(base.resolve("backup_label"), row.getString(1));
            }
        }
    }

    /** Marks this moment as the one to come back to, and waits until the archive reaches it. */
    public void markPoint() throws Exception {
        points++;
        try (Connection connection = server.connect(); Statement statement = connection.createStatement()) {
            statement.execute("select pg_create_restore_point('" + point() + "')");
            String segment = text(statement, "select pg_walfile_name(pg_switch_wal())");
            Await.answer("WAL to be archived", ARCHIVED_WITHIN, () -> Files.exists(archive.resolve(segment))
                    ? Optional.of(segment) : Optional.empty());
        }
    }

    /** The server is killed, its files are lost, and it comes back as it was at the point. */
    public void restore() throws Exception {
        server.kill();
        server.awaitGone();
        Path data = server.data();
        delete(data);
        Launcher.run(List.of("cp", "-a", base.toString(), data.toString()));
        for (String folder : MADE_EMPTY) {
            Files.createDirectory(data.resolve(folder), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        Files.createFile(data.resolve("recovery.signal"));
        Files.writeString(data.resolve("postgresql.auto.conf"), """
                restore_command = 'cp %s/%%f %%p'
                recovery_target_name = '%s'
                recovery_target_action = 'promote'
                """.formatted(archive, point()), StandardOpenOption.APPEND);
        server.start();
        Await.answer("PostgreSQL to be restored", RECOVERED_WITHIN, () -> {
            try (Connection connection = server.connect(); Statement statement = connection.createStatement()) {
                return text(statement, "select pg_is_in_recovery()").equals("f") ? Optional.of(true) : Optional.empty();
            }
        });
    }

    /** WAL is archived no more. */
    @Override
    public void close() throws Exception {
        execute("alter system set archive_command = 'true'");
        execute("select pg_reload_conf()");
        delete(base);
        delete(archive);
    }

    private String point() {
        return "point-" + points;
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = server.connect(); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String text(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private static void delete(Path folder) {
        Launcher.run(List.of("rm", "-rf", folder.toString()));
    }

    /** Files come and go meanwhile, and are torn: the WAL makes that good. */
    private void copyFiles() throws IOException {
        Path data = server.data();
        Files.walkFileTree(data, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Path name = data.relativize(folder);
                if (LEFT_OUT.contains(name.toString())) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.createDirectory(base.resolve(name), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path name = data.relativize(file);
                if (!LEFT_OUT.contains(name.toString())) {
                    copyIfThere(file, base.resolve(name));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
    }

    private static void copyIfThere(Path file, Path copy) throws IOException {
        try {
            Files.copy(file, copy);
        } catch (NoSuchFileException e) {
            // Deleted meanwhile.
        }
    }
}
