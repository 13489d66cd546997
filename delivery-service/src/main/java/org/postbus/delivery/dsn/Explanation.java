package org.postbus.delivery.dsn;

import java.util.ArrayList;
import java.util.List;
import org.postbus.events.Envelope;
import org.postbus.protocol.message.DateTimes;
import org.postbus.protocol.smtp.Notify;

/** The part of a notification that is for people: what became of the mail, at whom, why, and what they can do. */
final class Explanation {

    /** Columns of a line that we break; a longer word stays whole. */
    private static final int COLUMNS = 78;

    private final Report report;
    private final String hostname;
    private final List<String> lines = new ArrayList<>();

    Explanation(Report report, String hostname) {
        this.report = report;
        this.hostname = hostname;
    }

    /** One line for all of it; the worst news goes first. */
    String subject() {
        if (report.has(Action.FAILED)) {
            return "Undelivered mail: your message did not reach everyone";
        }
        if (report.has(Action.DELAYED)) {
            return "Delayed mail: your message has not reached everyone yet";
        }
        if (!report.has(Action.RELAYED)) {
            return "Delivered: your message has arrived";
        }
        return report.has(Action.DELIVERED) ? "Delivered: your message has arrived or was handed on"
                : "Relayed: your message was handed on";
    }

    /** Without line ends. ASCII but for addresses; what others wrote never begins a line. */
    List<String> lines() {
        lines.add("This is the mail system at " + hostname + ".");
        failures();
        delays();
        deliveries();
        relays();
        lines.add("");
        closing();
        return lines;
    }

    private void failures() {
        section(Action.FAILED,
                "Your message could not be delivered to the following recipients, and no",
                "further attempt will be made.");
    }

    private void delays() {
        section(Action.DELAYED,
                "Your message has not reached the following recipients yet. You need do",
                "nothing: it will be tried again." + (hearsOfFailures() ? " You will be told if that fails." : ""));
    }

    private void deliveries() {
        section(Action.DELIVERED, "As you asked to be told: your message is in the mailboxes of these recipients.");
    }

    private void relays() {
        section(Action.RELAYED,
                "As you asked to be told: for these recipients your message was handed on to a",
                "system that does not tell of its deliveries. You may hear nothing more of it.");
    }

    private void section(Action action, String... intro) {
        List<ReportedRecipient> recipients = report.recipients(action);
        if (!recipients.isEmpty()) {
            lines.add("");
            lines.addAll(List.of(intro));
            recipients.forEach(this::recipient);
        }
    }

    private void recipient(ReportedRecipient recipient) {
        lines.add("");
        lines.add("  <" + Printable.text(recipient.originalRecipient()) + ">");
        if (!recipient.originalRecipient().equalsIgnoreCase(recipient.finalRecipient())) {
            lines.add("  (which leads to <" + Printable.text(recipient.finalRecipient()) + ">)");
        }
        switch (recipient.action()) {
            case FAILED -> {
                reason(recipient);
                indented(Advice.on(recipient.status()));
            }
            case DELAYED -> {
                reason(recipient);
                recipient.willRetryUntil().ifPresent(until -> indented("We will try until " + DateTimes.format(until) + "."));
            }
            case RELAYED -> recipient.remoteMta().ifPresent(server -> indented("It was handed to " + server + "."));
            case DELIVERED -> { }
        }
    }

    private void reason(ReportedRecipient recipient) {
        String server = recipient.remoteMta().map(RemoteMta::toString).orElse("");
        recipient.diagnostic().map(why -> switch (why.type()) {
            case SMTP -> "The server " + (server.isEmpty() ? "there" : server) + " said: " + why.text();
            case POSTBUS -> server.isEmpty() ? why.text() : server + ": " + why.text();
        }).map(why -> why.contains(recipient.status()) ? why : why + " (" + recipient.status() + ")").ifPresent(this::indented);
    }

    private void closing() {
        if (report.has(Action.FAILED) || report.has(Action.DELAYED)) {
            lines.add("All other recipients, if there are any, are not affected. The message was");
        } else {
            lines.add("Whether anybody has read it is not known here. The message was");
        }
        Envelope envelope = report.envelope();
        lines.add("accepted on " + DateTimes.format(envelope.acceptedAt()) + " under the id");
        lines.add(envelope.mailId() + "; " + (report.returnedMail().isPresent() ? "it follows below." : "its header follows below."));
        if (report.has(Action.FAILED)) {
            lines.add("If you need help, forward this notification to your postmaster.");
        }
    }

    private boolean hearsOfFailures() {
        return report.recipients(Action.DELAYED).stream()
                .allMatch(recipient -> report.envelope().asksFor(Notify.FAILURE, recipient.originalRecipient()));
    }

    private void indented(String text) {
        StringBuilder line = new StringBuilder("   ");
        for (String word : text.split(" +")) {
            if (!line.toString().isBlank() && line.length() + 1 + word.length() > COLUMNS) {
                lines.add(line.toString());
                line = new StringBuilder("     ");
            }
            line.append(' ').append(word);
        }
        lines.add(line.toString());
    }
}
