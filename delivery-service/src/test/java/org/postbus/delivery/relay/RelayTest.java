package org.postbus.delivery.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postbus.delivery.dsn.ReportedRecipient;
import org.postbus.events.TrailStep;
import org.postbus.protocol.remote.RemoteMx;
import org.postbus.protocol.remote.Script;
import org.postbus.protocol.remote.Script.Answer;

/** Mail from the queue to a remote server over a real connection. */
class RelayTest {

    private final RemoteMx mx = RemoteMx.usual(Script.USUAL);
    private RelayBench bench;

    @BeforeEach
    void begin() throws Exception {
        bench = new RelayBench(Map.of("routes.\"*\".host", "127.0.0.1", "routes.\"*\".port", String.valueOf(mx.port()))).start();
    }

    @AfterEach
    void end() throws Exception {
        bench.close();
        mx.close();
    }

    @Test
    void aMailIsRelayedWithTraceFieldsOnTop() throws Exception {
        bench.enqueue("ann@one.test", "bob@remote.test");
        Await.until(() -> bench.queued() == 0);
        assertEquals(1, mx.mails().size());
        assertEquals("Received: from client.example\r\nFrom: <ann@one.test>\r\nSubject: hi\r\n\r\nhi\r\n", mx.mails().getFirst().text());
        assertEquals(List.of("RCPT TO:<bob@remote.test>"), mx.mails().getFirst().recipients());
        assertEquals(0, bench.count("select (select count(*) from mail) + (select count(*) from chunk)"));
        assertEquals(List.of(TrailStep.RELAYED), bench.trail().stream().map(event -> event.step()).toList());
    }

    @Test
    void recipientsFareIndependently() throws Exception {
        mx.script(Script.onCommand("RCPT TO:<later", new Answer.Say("450 4.2.1 later\r\n"))
                .or(Script.onCommand("RCPT TO:<never", new Answer.Say("550 5.1.1 who?\r\n"))));
        bench.enqueue("ann@one.test", "now@remote.test", "later@remote.test", "never@remote.test");
        Await.until(() -> bench.queued() == 1 && mx.mails().size() == 1);
        Await.until(() -> bench.count("select count(*) from recipient where claimed_by is null") == 1);
        List<ReportedRecipient> told = bench.reports().getFirst().recipients();
        assertEquals(List.of("never@remote.test"), told.stream().map(ReportedRecipient::finalRecipient).toList());
        assertEquals("550 5.1.1 who?", told.getFirst().diagnostic().get().text());

        mx.script(Script.USUAL);
        bench.pass(Duration.ofMinutes(2));
        Await.until(() -> bench.queued() == 0);
        assertEquals(List.of("RCPT TO:<later@remote.test>"), mx.mails().getLast().recipients());
    }

    /** As after a restored PostgreSQL, before anybody has looked at what it would send again. */
    @Test
    void nothingIsSentWhileItIsNotToBe() throws Exception {
        try (RelayBench paused = new RelayBench(Map.of("relay.enabled", "false", "routes.\"*\".host", "127.0.0.1",
                "routes.\"*\".port", String.valueOf(mx.port()))).start()) {
            assertEquals(Optional.empty(), paused.relay().reserve(1, 100));
            paused.enqueue("ann@one.test", "bob@remote.test");
            paused.relay().sweep();
            assertEquals(1, paused.count("select count(*) from recipient where claimed_by is null"));
            assertEquals(0, mx.connections());
        }
    }
}
