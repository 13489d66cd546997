package org.postbus.systemtest.faults.mutation;

import java.time.Duration;
import java.util.List;
import org.postbus.events.FaultPoint;
import org.postbus.events.Topics;
import org.postbus.systemtest.faults.cases.Fault;
import org.postbus.systemtest.faults.cases.KillAtPoints;
import org.postbus.systemtest.faults.cases.KillGatewayWithoutKafka;
import org.postbus.systemtest.faults.cases.KillRelay;
import org.postbus.systemtest.faults.cases.PointInTime;
import org.postbus.systemtest.faults.cases.RestoredDeletionsFirst;
import org.postbus.systemtest.faults.cases.RollingRestart;
import org.postbus.systemtest.faults.cases.StoppedGateway;
import org.postbus.systemtest.faults.cluster.KillPoint;
import org.postbus.systemtest.faults.cluster.Kind;
import org.postbus.systemtest.faults.mutation.Mutation.Change;
import org.postbus.systemtest.faults.report.Invariant;

/** The bugs that the harness must find: one for each promise, at the place where the code keeps it. */
final class Mutations {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(25);
    private static final Duration PAST_A_LEASE = Duration.ofSeconds(70);
    /** Once to its end, whatever that takes. */
    private static final Duration A_ROLLOUT = PAST_A_LEASE;
    private static final String CONSUMER = "mail-consumer/src/main/java/org/postbus/consumer/";
    private static final String RELAY = "delivery-service/src/main/java/org/postbus/delivery/";
    private static final String SMTP = "smtp-gateway/src/main/java/org/postbus/smtpgateway/";
    private static final String MAILBOX = "mailbox-service/src/main/java/org/postbus/mailbox/";
    private static final String ENGINE = "mail-protocol/src/main/java/org/postbus/protocol/pop3/Pop3Engine.java";
    private static final String TRANSACTION = "mail-protocol/src/main/java/org/postbus/protocol/pop3/Transaction.java";
    private static final String OPEN_MAILDROP = "pop3-gateway/src/main/java/org/postbus/pop3gateway/OpenMaildrop.java";

    private static final Mutation POSITION_FIRST = new Mutation("position before the effect", Kind.MAILBOX,
            List.of(new Change(CONSUMER + "BatchTransactions.java", "effect.apply(connection, records);",
                    "connection.commit(); effect.apply(connection, records);")),
            List.of(), haltAt(1, Kind.MAILBOX, FaultPoint.CONSUMER_BEFORE_COMMIT, Topics.MAIL_ROUTED), LONG_ENOUGH, Invariant.I1);

    /** Of the two keys that keep a repeated mail out, one is the decision's; without both an entry is written again. */
    private static final Mutation NOT_UNIQUE = new Mutation("entries not unique", Kind.MAILBOX,
            List.of(new Change(MAILBOX + "content/Contents.java", "on conflict do nothing returning mail_id",
                            "on conflict (mail_id) do update set state = 'filed' returning mail_id"),
                    // What stands beside the entry must not stop the second one by its own key.
                    new Change(MAILBOX + "content/Contents.java", "try (ChunkWriter chunks", """
                            update(connection, DROP_OCTETS, mails.stream().map(StoredMail::mailId).toList());
                            try (ChunkWriter chunks"""),
                    new Change(MAILBOX + "maildrop/MessageRuns.java", "(select seq from entry", "(select min(seq) from entry")),
            List.of("alter table mailbox.entry drop constraint entry_pkey"),
            haltAt(2, Kind.DELIVERY, FaultPoint.CONSUMER_BEFORE_COMMIT, Topics.MAIL_ACCEPTED), LONG_ENOUGH, Invariant.I1);

    private static final Mutation EARLY_250 = new Mutation("250 before the acknowledgement", Kind.SMTP,
            List.of(new Change(SMTP + "IncomingMail.java", "acknowledged.<Void>mapEmpty()", "DONE")),
            List.of(), new KillGatewayWithoutKafka(), Duration.ofSeconds(10), Invariant.I1);

    /** An event for each DELE, which leaves the session and its lock as they are. */
    private static final Mutation DELETED_AT_DELE = new Mutation("deleted at DELE", Kind.POP3,
            List.of(new Change(TRANSACTION, "dialogue.say(Response.ok(\"message \" + number + \" deleted\"));", """
                            dialogue.say(Response.ok("message " + number + " deleted"));
                            dialogue.ask(new Action.UpdateMaildrop(java.util.List.of(maildrop.mailId(number))));"""),
                    new Change(ENGINE, "dialogue.awaited(Action.UpdateMaildrop.class);\n        dialogue.end(Response.BYE);", """
                            dialogue.awaited(Action.UpdateMaildrop.class);
                            if (!(dialogue.state() instanceof Update)) {
                                dialogue.turnToCommands();
                                return;
                            }
                            dialogue.end(Response.BYE);"""),
                    new Change(OPEN_MAILDROP, "if (!end()) {", "if (ended) {"),
                    new Change(OPEN_MAILDROP, "Optional.of(sessionId), deleted", "Optional.empty(), deleted")),
            List.of(), haltAt(1, Kind.POP3, FaultPoint.POP3_RETRIEVING, ""), LONG_ENOUGH, Invariant.I6);

    private static final Mutation FORGOTTEN_TOMBSTONE = new Mutation("tombstone forgotten", Kind.MAILBOX,
            List.of(new Change(MAILBOX + "filing/Deliveries.java",
                    "seen.add(delivery.accountId()) && !tombstones.contains(key)", "seen.add(delivery.accountId())")),
            List.of(), new RestoredDeletionsFirst(), Duration.ofSeconds(15), Invariant.I5);

    private static final Mutation ENDLESS_LEASE = new Mutation("lease believed for ever", Kind.POP3,
            List.of(new Change("pop3-gateway/src/main/java/org/postbus/pop3gateway/Lease.java",
                    "!fenced && endsAt - System.nanoTime() > time.toNanos()", "true")),
            List.of(), new StoppedGateway(), PAST_A_LEASE, Invariant.I5);

    /** Two keep a woken session from deleting: it finds no lease to renew, and what it publishes has no effect. */
    private static final Mutation NOT_FENCED = new Mutation("taken over without fencing", Kind.MAILBOX,
            List.of(new Change(MAILBOX + "maildrop/MaildropLocks.java", "update(connection, FENCE, sessionId);", ""),
                    new Change(MAILBOX + "maildrop/MaildropSessions.java", "MaildropLocks.LEASE.toSeconds(), sessionId) == 1",
                            "MaildropLocks.LEASE.toSeconds(), sessionId) >= 0")),
            List.of(), new StoppedGateway(), PAST_A_LEASE, Invariant.I6);

    private static final Mutation RECORDED_FIRST = new Mutation("relayed before the remote has answered", Kind.DELIVERY,
            List.of(new Change(RELAY + "relay/Session.java", "attempt = attempt(transmission, new LinkedHashMap<>());", """
                    recorder.record(transmission, judgement.all(transmission, new Answer.Taken(Word.own("2.0.0", "sent"), false), ""));
                    attempt(transmission, new LinkedHashMap<>());
                    return;""")),
            List.of(), new KillRelay(1), LONG_ENOUGH, Invariant.I1);

    private static final Mutation ANYBODYS_CLAIM = new Mutation("claims are anybody's", Kind.DELIVERY,
            List.of(new Change(RELAY + "queue/DueRows.java", "<= ?::timestamptz AND claimed_by IS NULL AND NOT held",
                    "<= ?::timestamptz AND NOT held")),
            List.of(), new KillRelay(1), LONG_ENOUGH, Invariant.I10);

    private static final Mutation CUT_AT_DRAIN = new Mutation("sessions cut without a word", Kind.SMTP,
            List.of(new Change(SMTP + "SmtpSession.java",
                    "engine.terminate(draining ? Replies.SHUTTING_DOWN : Replies.SESSION_TOO_LONG);\n        terminated = true;",
                    "ended = true;\n        connection.close();")),
            List.of(), new RollingRestart(), A_ROLLOUT, Invariant.P4);

    private static final Mutation NO_DRAIN = new Mutation("ended without a drain", Kind.POP3,
            List.of(new Change("pop3-gateway/src/main/java/org/postbus/pop3gateway/Pop3Gateway.java",
                    "verification.ifPresent(TopicVerification::close);", "Runtime.getRuntime().halt(1);")),
            List.of(), new RollingRestart(), A_ROLLOUT, Invariant.P4);

    private static final Mutation LOST_DIRECTORY = new Mutation("restored directory believed", Kind.MAILBOX,
            List.of(new Change(MAILBOX + "directory/RestoredDirectory.java", "takeOver(connection, missing(all,",
                    "takeOver(connection, missing(List.of(),")),
            List.of(), new PointInTime(true), A_ROLLOUT, Invariant.P1);

    static final List<Mutation> ALL = List.of(POSITION_FIRST, NOT_UNIQUE, EARLY_250, DELETED_AT_DELE, FORGOTTEN_TOMBSTONE,
            ENDLESS_LEASE, NOT_FENCED, RECORDED_FIRST, ANYBODYS_CLAIM, CUT_AT_DRAIN, NO_DRAIN, LOST_DIRECTORY);
    /** For a test run: without those that wait for the end of a lease, or for instances to be replaced. */
    static final List<Mutation> BRIEF = ALL.stream().filter(mutation -> mutation.time().compareTo(PAST_A_LEASE) < 0).toList();

    private Mutations() {}

    private static Fault haltAt(int times, Kind kind, FaultPoint point, String topic) {
        return new KillAtPoints(times, List.of(new KillPoint(kind, point, topic)));
    }
}
