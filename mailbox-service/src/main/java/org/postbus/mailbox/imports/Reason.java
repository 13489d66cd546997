package org.postbus.mailbox.imports;

/** Why a message was not filed. */
enum Reason {

    SUB_FOLDER("POP3 shows the inbox alone"),
    HARD_LINK("the tar has a link and not the message: make it with --hard-dereference"),
    SPARSE("the tar has it as a sparse file: make it without --sparse"),
    FOLDER_DATA("not a mail, but data of the server that wrote the mbox"),
    EMPTY("it has no octets"),
    COMPRESSED("it is compressed"),
    LARGE_HEADER("the header section is over 256 KiB"),
    TOO_LARGE("it is over the message size"),
    OVER_QUOTA("the maildrop is full");

    private final String text;

    Reason(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
