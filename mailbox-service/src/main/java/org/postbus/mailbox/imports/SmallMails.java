package org.postbus.mailbox.imports;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Mails of one chunk each that wait to be filed together. */
final class SmallMails {

    /** Mails of one transaction. */
    static final int MOST = 100;

    /** Octets of one transaction, and one mail. */
    static final long MOST_OCTETS = 1024 * 1024;

    private final ImportFiling filing;
    private final ImportReport report;
    private final List<NewMail> mails = new ArrayList<>();
    private final List<Optional<String>> names = new ArrayList<>();
    private long octets;

    SmallMails(ImportFiling filing, ImportReport report) {
        this.filing = filing;
        this.report = report;
    }

    void add(Optional<String> name, NewMail mail) {
        mails.add(mail);
        names.add(name);
        octets += mail.mail().octets();
        if (mails.size() == MOST || octets >= MOST_OCTETS) {
            file();
        }
    }

    /** Files those that wait. */
    void file() {
        if (mails.isEmpty()) {
            return;
        }
        List<Verdict> verdicts = filing.file(mails);
        for (int i = 0; i < verdicts.size(); i++) {
            report.add(names.get(i), verdicts.get(i));
        }
        mails.clear();
        names.clear();
        octets = 0;
    }
}
