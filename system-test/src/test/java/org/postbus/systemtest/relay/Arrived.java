package org.postbus.systemtest.relay;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.postbus.protocol.remote.ReceivedMail;
import org.postbus.protocol.remote.RemoteMx;
import org.postbus.systemtest.Await;

/** What came to a remote server. */
public final class Arrived {

    private static final Duration WITHIN = Duration.ofSeconds(60);

    private Arrived() {}

    /** The first mail with these words, once it is there. */
    public static ReceivedMail await(RemoteMx remote, String words) throws Exception {
        return Await.answer("a mail with " + words, WITHIN, () -> all(remote, words).stream().findFirst());
    }

    /** So many mails with these words, once they are there. */
    static List<ReceivedMail> await(RemoteMx remote, String words, int count) throws Exception {
        return Await.answer(count + " mails with " + words, WITHIN,
                () -> Optional.of(all(remote, words)).filter(mails -> mails.size() >= count));
    }

    /** Those of now. */
    public static List<ReceivedMail> all(RemoteMx remote, String words) {
        return remote.mails().stream().filter(mail -> mail.text().contains(words)).toList();
    }
}
