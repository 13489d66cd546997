package org.postbus.smtpgateway.filter;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.net.URI;
import java.time.Duration;

/**
 * Asks a milter: a connection for each mail, on which it is told of the session that the mail came by. Whatever step a milter
 * refuses, the mail is refused, since client and recipients were answered before. It may add and change header fields and hold
 * mail back; one that wants to change anything else has failed.
 */
public final class MilterFilter implements ContentFilter {

    private static final int CONNECT_MILLIS = 2_000;

    private final Vertx vertx;
    private final URI url;
    private final Duration within;
    private final Filtering filtering;
    private final NetClient client;

    /**
     * @param url    for example {@code milter://localhost:11332}
     * @param within how long the milter may keep silent
     */
    MilterFilter(Vertx vertx, URI url, Duration within, Filtering filtering) {
        this.vertx = vertx;
        this.url = url;
        this.within = within;
        this.filtering = filtering;
        this.client = vertx.createNetClient(new NetClientOptions().setConnectTimeout(CONNECT_MILLIS).setTcpNoDelay(true));
    }

    @Override
    public Inspection begin(MailFacts mail) {
        return new Dialog(mail, new MilterDialog(vertx, mail, within));
    }

    /** The connection is made when the first octets are there: a client that is slow with its data holds none. */
    private final class Dialog implements Inspection {

        private final MailFacts mail;
        private final MilterDialog dialog;
        private boolean connected;

        private Dialog(MailFacts mail, MilterDialog dialog) {
            this.mail = mail;
            this.dialog = dialog;
        }

        @Override
        public Future<Void> chunk(byte[] octets) {
            if (!connected) {
                connected = true;
                client.connect(url.getPort(), url.getHost()).onComplete(dialog::connected);
            }
            return dialog.chunk(octets);
        }

        @Override
        public Future<Verdict> end() {
            return filtering.concluded(dialog.end(), mail.mailId());
        }

        @Override
        public void abandon() {
            dialog.fail("abandoned");
        }
    }
}
