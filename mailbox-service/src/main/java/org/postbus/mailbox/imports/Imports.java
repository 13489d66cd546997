package org.postbus.mailbox.imports;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.postbus.mailbox.account.AccountView;
import org.postbus.mailbox.account.Accounts;
import org.postbus.mailbox.config.MailboxConfig;
import org.postbus.mailbox.database.Database;
import org.postbus.mailbox.directory.Outbox;
import org.postbus.mailbox.directory.OutboxPublisher;
import org.postbus.rest.ProblemType;
import org.postbus.rest.StreamedRoute;

/** Runs imports, few at a time: each holds a database connection while it files, and its report until it is sent. */
@Singleton
public class Imports {

    /** Imports at a time, of an instance. */
    static final int AT_A_TIME = 2;

    private static final Logger LOG = Logger.getLogger(Imports.class);

    private final Semaphore turns = new Semaphore(AT_A_TIME);
    private final Accounts accounts;
    private final Database database;
    private final Outbox outbox;
    private final OutboxPublisher publisher;
    private final long maxOctets;
    private final Counter imported;

    public Imports(Accounts accounts, Database database, Outbox outbox, OutboxPublisher publisher, MailboxConfig config,
            MeterRegistry meters) {
        this.accounts = accounts;
        this.database = database;
        this.outbox = outbox;
        this.publisher = publisher;
        this.maxOctets = config.imports().maxMessageSize().asLongValue();
        this.imported = Counter.builder("postbus.mailbox.imported").description("Mails filed by imports").register(meters);
    }

    /** The one route whose body is a stream. */
    @Produces
    @Singleton
    static StreamedRoute route() {
        return new StreamedRoute("POST", Pattern.compile("/api/v1/accounts/[^/]+/import"));
    }

    /**
     * Imports the messages of an archive.
     *
     * @param address in canonical form
     * @param form    reads the body
     * @param from    the first message to look at, from 1
     * @throws org.postbus.rest.ProblemException NOT_FOUND, UNAVAILABLE, or BAD_ARCHIVE after what was read whole is filed
     */
    ImportView run(String address, Function<InputStream, MailArchive> form, InputStream body, int from) {
        AccountView account = accounts.get(address);
        if (!turns.tryAcquire()) {
            throw ProblemType.UNAVAILABLE.because("there are " + AT_A_TIME + " imports already");
        }
        try {
            ImportFiling filing = new ImportFiling(database, outbox::add, account.id(), address);
            return run(form.apply(body), filing, body, from);
        } finally {
            turns.release();
        }
    }

    private ImportView run(MailArchive archive, ImportFiling filing, InputStream body, int from) {
        ImportReport report = new ImportReport(from);
        Import run = new Import(archive, filing, report, maxOctets);
        try {
            Optional<Integer> next = run.run(from, ImportReport.MOST);
            // All of it, whatever it is: who has not sent everything may miss the answer.
            body.transferTo(OutputStream.nullOutputStream());
            return ImportView.of(report, next);
        } catch (IOException e) {
            String why = e instanceof NotAnArchive ? e.getMessage() : "the body breaks off";
            drain(body);
            throw ProblemType.BAD_ARCHIVE.because("after " + run.seen() + " messages, of which "
                    + report.count(Verdict.Status.IMPORTED) + " were imported: " + why);
        } finally {
            told(filing, report);
        }
    }

    private void told(ImportFiling filing, ImportReport report) {
        int count = report.count(Verdict.Status.IMPORTED);
        if (count > 0) {
            publisher.wake();
        }
        imported.increment(count);
        LOG.infof("account %s: %d messages imported, %d duplicates, %d refused, %d skipped", filing.accountId(), count,
                report.count(Verdict.Status.DUPLICATE), report.count(Verdict.Status.REFUSED), report.count(Verdict.Status.SKIPPED));
    }

    private static void drain(InputStream body) {
        try {
            body.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            LOG.debugf("an import's client is gone: %s", e.getMessage());
        }
    }
}
