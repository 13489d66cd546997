package org.postbus.delivery.dsn;

/** What a person can do about a failure, by the subject and detail of its status (RFC 3463, section 3, and the IANA registry). */
final class Advice {

    private static final String SPELLING = "Check the spelling of the address, or ask the recipient for it.";
    private static final String DOMAIN = "Check the part of the address behind the @: no mail can be sent there.";
    private static final String SMALLER = "Send a smaller message, or share what is large in it another way.";
    private static final String NO_ANSWER = "The fault may pass: try again later. If it stays, tell the recipient's postmaster.";
    private static final String ASCII = "The recipient's server takes plain letters (ASCII) alone in addresses and headers: "
            + "use such an address, if there is one.";
    private static final String AUTHENTICATION = "The recipient's server does not believe that the message comes from your "
            + "domain: forward this notification to your postmaster.";
    private static final String SECURITY = "The message could not be sent as safely as asked: forward this notification to your "
            + "postmaster.";
    private static final String POLICY = "The rules of the recipient's server refuse the message: ask the recipient's postmaster.";

    private Advice() {
    }

    /** One or two sentences. The class of the status does not matter: what failed has failed for good. */
    static String on(String status) {
        return switch (status.substring(2)) {
            case "1.2", "1.10" -> DOMAIN;
            case "1.6" -> "The recipient has moved: ask for the new address.";
            case "1.7", "1.8" -> "It is your own address that is refused: forward this notification to your postmaster.";
            case "2.1" -> "Ask the recipient another way whether the address is still in use.";
            case "2.2" -> "Try again later, or tell the recipient another way that the mailbox is full.";
            case "2.3", "3.4" -> SMALLER;
            case "4.6" -> "The address leads in a circle: tell the recipient's postmaster.";
            case "4.7" -> "It was tried until its time was up. Send it again, or reach the recipient another way.";
            case "6.7", "6.8", "6.9", "6.10" -> ASCII;
            case "7.20", "7.21", "7.22", "7.23", "7.24", "7.25", "7.26" -> AUTHENTICATION;
            case "7.4", "7.5", "7.10", "7.30" -> SECURITY;
            default -> bySubject(status.substring(2, status.lastIndexOf('.')));
        };
    }

    private static String bySubject(String subject) {
        return switch (subject) {
            case "1" -> SPELLING;
            case "2" -> "The mailbox takes no message now: reach the recipient another way.";
            case "3", "4" -> NO_ANSWER;
            case "6" -> "The recipient's server does not take what is in the message: send it in another form.";
            case "7" -> POLICY;
            default -> "Try another way to reach the recipient, or ask your postmaster.";
        };
    }
}
