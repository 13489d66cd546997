package org.postbus.delivery.queue.admin;

import java.util.UUID;
import org.postbus.rest.Cursor;
import org.postbus.rest.ProblemType;
import org.postbus.rest.Uuids;

/** What the queue is ordered by here: mail ids are in the order of time. */
record RecipientKey(UUID mailId, int n) {

    /** @throws org.postbus.rest.ProblemException the cursor is none of this listing's */
    static RecipientKey of(String key) {
        int slash = key.indexOf('/');
        if (slash < 0 || !key.substring(slash + 1).matches("[0-9]{1,9}")) {
            throw ProblemType.BAD_CURSOR.because("the cursor is of another listing");
        }
        return new RecipientKey(Uuids.cursor(key.substring(0, slash)), Integer.parseInt(key.substring(slash + 1)));
    }

    String cursor() {
        return Cursor.encode(mailId + "/" + n);
    }
}
