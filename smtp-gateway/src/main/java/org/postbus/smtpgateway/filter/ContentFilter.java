package org.postbus.smtpgateway.filter;

/** Judges mail by its content. To be called on an event loop; answers there. */
public interface ContentFilter {

    /** Begins with a mail. */
    Inspection begin(MailFacts mail);
}
