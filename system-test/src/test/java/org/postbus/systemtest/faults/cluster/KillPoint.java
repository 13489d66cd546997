package org.postbus.systemtest.faults.cluster;

import java.util.List;
import org.postbus.events.FaultPoint;
import org.postbus.events.Topics;

/**
 * A moment in a service at which it is halted.
 *
 * @param topic empty where the point has none
 */
public record KillPoint(Kind kind, FaultPoint point, String topic) {

    /** On the way to a remote server, which takes load for elsewhere. */
    public static final List<KillPoint> RELAY = List.of(
            of(Kind.DELIVERY, FaultPoint.RELAY_CLAIMED, ""),
            of(Kind.DELIVERY, FaultPoint.RELAY_ANSWERED, ""),
            of(Kind.DELIVERY, FaultPoint.RELAY_RECORDED, ""),
            of(Kind.DELIVERY, FaultPoint.DSN_SENT, ""),
            of(Kind.DELIVERY, FaultPoint.CONSUMER_BEFORE_COMMIT, Topics.MAIL_ACCEPTED),
            of(Kind.DELIVERY, FaultPoint.CONSUMER_COMMITTED, Topics.MAIL_ACCEPTED));

    /** Every other kill point that there is by now. */
    public static final List<KillPoint> ALL = List.of(
            of(Kind.SMTP, FaultPoint.SMTP_LOGGED_IN, ""),
            of(Kind.SMTP, FaultPoint.SMTP_FILTERED, ""),
            of(Kind.SMTP, FaultPoint.SMTP_DOT, ""),
            of(Kind.SMTP, FaultPoint.SENT, Topics.MAIL_ACCEPTED),
            of(Kind.SMTP, FaultPoint.SMTP_ACKNOWLEDGED, ""),
            of(Kind.SMTP, FaultPoint.SMTP_REPLIED, ""),
            of(Kind.DELIVERY, FaultPoint.CONSUMER_POLLED, Topics.MAIL_ACCEPTED),
            of(Kind.DELIVERY, FaultPoint.CONSUMER_BEFORE_COMMIT, Topics.MAIL_ACCEPTED),
            of(Kind.DELIVERY, FaultPoint.CONSUMER_COMMITTED, Topics.MAIL_ACCEPTED),
            of(Kind.DELIVERY, FaultPoint.DSN_SENT, ""),
            of(Kind.MAILBOX, FaultPoint.CONSUMER_POLLED, Topics.MAIL_ROUTED),
            of(Kind.MAILBOX, FaultPoint.CONSUMER_BEFORE_COMMIT, Topics.MAIL_ROUTED),
            of(Kind.MAILBOX, FaultPoint.CONSUMER_COMMITTED, Topics.MAIL_ROUTED),
            of(Kind.MAILBOX, FaultPoint.CONSUMER_BEFORE_COMMIT, Topics.MAILDROP_UPDATED),
            of(Kind.MAILBOX, FaultPoint.CONSUMER_COMMITTED, Topics.MAILDROP_UPDATED),
            of(Kind.POP3, FaultPoint.POP3_LOCKED, ""),
            of(Kind.POP3, FaultPoint.POP3_RETRIEVING, ""),
            of(Kind.POP3, FaultPoint.POP3_QUIT, ""),
            of(Kind.POP3, FaultPoint.SENT, Topics.MAILDROP_UPDATED),
            of(Kind.POP3, FaultPoint.POP3_PUBLISHED, ""));

    private static KillPoint of(Kind kind, FaultPoint point, String topic) {
        return new KillPoint(kind, point, topic);
    }

    /** How the process is told. */
    String at() {
        return topic.isEmpty() ? point.name() : point + "@" + topic;
    }

    @Override
    public String toString() {
        return kind.service() + " " + at();
    }
}
