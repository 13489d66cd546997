package org.postbus.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.postbus.mailbox.TestMails.consumed;
import static org.postbus.mailbox.TestMails.routedTo;
import static org.postbus.mailbox.TestMails.whole;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postbus.consumer.BatchHandler;
import org.postbus.events.ContractViolation;
import org.postbus.events.FactCodec;
import org.postbus.events.MailIds;
import org.postbus.events.MaildropUpdated;
import org.postbus.events.RoutedEnvelope;
import org.postbus.mailbox.database.Database;
import org.postbus.mailbox.eventlog.EventLog;
import org.postbus.mailbox.filing.FilingMetrics;
import org.postbus.mailbox.filing.MailFiler;
import org.postbus.mailbox.maildrop.MaildropUpdates;

/** An account that a restore took away comes back after it was looked for, and before it is asked whether one may be missing. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
class ReturningAccountTest {

    @Inject
    Maildrops maildrops;

    @Inject
    EventLog log;

    @Inject
    Database database;

    private final UUID ann = MailIds.mint();
    private final RoutedEnvelope mail = routedTo(ann);

    @BeforeEach
    void compared() {
        maildrops.account();
    }

    @Test
    void getsItsMail() {
        MailFiler filer = new MailFiler(log.producer(), (connection, record) -> { }, () -> { },
                new FilingMetrics(new SimpleMeterRegistry()));
        apply(filer, consumed(whole(mail, "hi\r\n")));
        assertEquals(List.of(mail.accepted().mailId()), maildrops.listing(ann));
    }

    @Test
    void keepsItsDeletions() {
        MaildropUpdated update = new MaildropUpdated(ann, Optional.empty(), List.of(mail.accepted().mailId()), "pop3", Instant.now());
        apply(new MaildropUpdates(log.producer()), consumed(FactCodec.MAILDROP_UPDATED.encode(update, "pop3-gateway", 1), Instant.now()));
        assertEquals(1, maildrops.number("select count(*) from tombstone where account_id = ?", ann));
    }

    private void apply(BatchHandler handler, ConsumerRecord<byte[], byte[]> record) {
        database.transaction(connection -> {
            try {
                handler.apply(comingBack(connection), List.of(record));
            } catch (ContractViolation e) {
                throw new IllegalStateException(e);
            }
            return true;
        });
    }

    /** The account comes back when the server's life is asked for: the one statement without parameters. */
    private Connection comingBack(Connection connection) {
        return (Connection) Proxy.newProxyInstance(Connection.class.getClassLoader(), new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("createStatement")) {
                        maildrops.account(ann);
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
