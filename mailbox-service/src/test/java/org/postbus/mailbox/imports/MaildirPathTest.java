package org.postbus.mailbox.imports;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaildirPathTest {

    @ParameterizedTest
    @CsvSource({
        "cur/1, INBOX, cur/1",
        "./cur/1, INBOX, cur/1",
        "new/1, INBOX, new/1",
        "Maildir/cur/1:2;S, INBOX, cur/1:2;S",
        "/var/vmail/example.org/alice/new/1, INBOX, new/1",
        "cur/cur/1, INBOX, cur/1",
        ".maildir/cur/1, INBOX, cur/1",
        "backup/.snap/ann/Maildir/cur/1, INBOX, cur/1",
        "./.snap/Maildir/new/1, INBOX, new/1",
        "Maildir/.Sent/cur/1, SUB_FOLDER, .Sent/cur/1",
        ".maildir/.Sent/cur/1, SUB_FOLDER, .Sent/cur/1",
        "./.Sent/new/1, SUB_FOLDER, .Sent/new/1",
        "Maildir/.Work.2026/cur/1, SUB_FOLDER, .Work.2026/cur/1",
        "../cur/1, INBOX, cur/1",
        "tmp/1, ELSEWHERE, ''",
        "cur/, ELSEWHERE, ''",
        "cur, ELSEWHERE, ''",
        "1, ELSEWHERE, ''",
        "'', ELSEWHERE, ''",
        "/, ELSEWHERE, ''",
        "cur/.nfs1, ELSEWHERE, ''",
        "cur/x/1, ELSEWHERE, ''",
        "dovecot.index.cache, ELSEWHERE, ''",
        ".Sent/maildirfolder, ELSEWHERE, ''",
        "Cur/1, ELSEWHERE, ''",
    })
    void aFileIsWhere(String path, MaildirPath.Place place, String name) {
        assertEquals(new MaildirPath(place, name), MaildirPath.of(path));
    }

    @Test
    void aLongNameIsCut() {
        assertEquals(255, MaildirPath.of("cur/" + "x".repeat(3000)).name().length());
    }
}
