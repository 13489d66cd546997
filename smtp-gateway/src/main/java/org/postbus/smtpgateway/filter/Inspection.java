package org.postbus.smtpgateway.filter;

import io.vertx.core.Future;

/** A filter at work on one mail, on one event loop. */
public interface Inspection {

    /**
     * The next octets of the mail; the whole header section lies in the first call's. The array is not changed by anybody. The
     * next call, of this or of {@link #end}, waits for the future, which never fails.
     */
    Future<Void> chunk(byte[] octets);

    /** The mail is complete: what shall become of it? Never fails. */
    Future<Verdict> end();

    /** Nobody wants to know any more. Changes nothing after the verdict. */
    void abandon();
}
