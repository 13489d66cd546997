package org.postbus.standalone;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.enterprise.inject.spi.CDI;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.postbus.mailbox.trail.TrailStream;
import org.postbus.pop3gateway.Pop3Gateway;
import org.postbus.smtpgateway.SmtpGateway;

/** Runs while the services run: says when they are ready, and waits for the end. */
public final class Platform implements QuarkusApplication {

    private record Start(DataFolder data, Options options, EndSignal end, Runnable whenReady) {}

    /** Quarkus makes the instance, from a class; main tells it what it needs through here. */
    private static Start start;

    private volatile int status;
    private volatile boolean ending;

    static void given(DataFolder data, Options options, EndSignal end, Runnable whenReady) {
        start = new Start(data, options, end, whenReady);
    }

    /** A signal may come before all is ready, so that is waited for apart. */
    @Override
    public int run(String... arguments) {
        Thread.ofVirtual().name("announce-ready").start(this::announce);
        if (!start.end().given()) {
            Quarkus.waitForExit();
        }
        ending = true;
        drain();
        return status;
    }

    /** While all that the gateways ask still runs: Quarkus closes HTTP before it tells them, one after the other. */
    private static void drain() {
        SmtpGateway smtp = CDI.current().select(SmtpGateway.class).get();
        Pop3Gateway pop3 = CDI.current().select(Pop3Gateway.class).get();
        try (ExecutorService both = Executors.newVirtualThreadPerTaskExecutor()) {
            both.execute(smtp::drain);
            both.execute(pop3::drain);
        }
        // Those who watch the trail would hold HTTP open for as long as Quarkus waits for requests.
        CDI.current().select(TrailStream.class).get().close();
    }

    private void announce() {
        try {
            AdminApi api = new AdminApi(start.options(), start.data().path("admin-token"));
            api.awaitReady();
            for (Port port : List.of(Port.SMTP, Port.SUBMISSION, Port.SUBMISSIONS, Port.POP3, Port.POP3S, Port.HTTP)) {
                System.out.printf("%-11s %s:%d%n", port, start.options().bind(), port.number(start.options()));
            }
            System.out.println("admin token in " + start.data().path("admin-token"));
            if (start.options().demo()) {
                DemoDomain.make(start.data(), api).print(start.options());
            }
            long started = ManagementFactory.getRuntimeMXBean().getStartTime();
            System.out.printf("ready in %.1f s%n", (System.currentTimeMillis() - started) / 1000.0);
            start.whenReady().run();
        } catch (IOException | Refusal e) {
            if (ending) {
                return;
            }
            System.err.println("postbus: " + e.getMessage());
            status = 1;
            Quarkus.asyncExit(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
