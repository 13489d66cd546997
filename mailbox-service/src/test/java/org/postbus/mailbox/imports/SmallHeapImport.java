package org.postbus.mailbox.imports;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.postbus.mailbox.database.Database;
import org.postgresql.ds.PGSimpleDataSource;

/** Imports in a JVM whose heap is smaller than the archive, and than its largest mail. */
final class SmallHeapImport {

    private static final String FROM = "From alice@example.org Mon Nov 23 12:00:00 2026\n";
    private static final int LARGE = 40 * 1024 * 1024;

    private SmallHeapImport() {
    }

    /** @param arguments URL, user and password of the database; the account */
    public static void main(String[] arguments) throws Exception {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(arguments[0]);
        source.setUser(arguments[1]);
        source.setPassword(arguments[2]);
        ImportFiling filing = new ImportFiling(new Database(source), (connection, record) -> { }, UUID.fromString(arguments[3]),
                "a@demo.test");
        ImportReport report = new ImportReport(1);
        Optional<Integer> next = new Import(new Mbox(archive()), filing, report, LARGE + 100).run(1, ImportReport.MOST);
        System.out.println("imported " + report.count(Verdict.Status.IMPORTED) + " duplicates "
                + report.count(Verdict.Status.DUPLICATE) + next);
    }

    private static InputStream archive() {
        Stream<InputStream> mails = IntStream.range(-1, 3001).mapToObj(n -> n == -1 || n == 3000 ? large() : text(FROM + "A: " + n + "\n\nhi\n\n"));
        Iterator<InputStream> each = mails.iterator();
        return new SequenceInputStream(new Enumeration<InputStream>() {

            @Override
            public boolean hasMoreElements() {
                return each.hasNext();
            }

            @Override
            public InputStream nextElement() {
                return each.next();
            }
        });
    }

    private static InputStream large() {
        InputStream body = new InputStream() {

            private int left = LARGE;

            @Override
            public int read() {
                return left-- > 0 ? 'x' : -1;
            }
        };
        return new SequenceInputStream(new SequenceInputStream(text(FROM + "A: large\n\n"), body), text("\n\n"));
    }

    private static InputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Starts this class in a JVM of its own; its output. */
    static String run(int heapMebibytes, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx" + heapMebibytes + "m", "-XX:+UseSerialGC", "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), SmallHeapImport.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
