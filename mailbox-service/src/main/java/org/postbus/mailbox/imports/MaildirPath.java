package org.postbus.mailbox.imports;

import java.util.List;

/**
 * Where in a Maildir a file lies: {@code cur/NAME} and {@code new/NAME} are messages of the inbox, in whatever folder the Maildir
 * is. They are a sub-folder's (Maildir++) if the folder around begins with a dot and lies in another, which may be "." too.
 *
 * @param name from its folder on, at most {@value #MAX_NAME} characters of it
 */
record MaildirPath(Place place, String name) {

    enum Place { INBOX, SUB_FOLDER, ELSEWHERE }

    /** Characters of a name that are kept. */
    static final int MAX_NAME = 255;

    static MaildirPath of(String path) {
        List<String> elements = List.of(path.split("/", -1));
        int file = elements.size() - 1;
        String name = elements.get(file);
        if (file < 1 || name.isEmpty() || name.startsWith(".") || !isMessages(elements.get(file - 1))) {
            return new MaildirPath(Place.ELSEWHERE, "");
        }
        boolean inbox = file < 3 || !isDotted(elements.get(file - 2));
        String shown = String.join("/", elements.subList(inbox ? file - 1 : file - 2, elements.size()));
        return new MaildirPath(inbox ? Place.INBOX : Place.SUB_FOLDER,
                shown.length() <= MAX_NAME ? shown : shown.substring(0, MAX_NAME));
    }

    private static boolean isMessages(String folder) {
        return folder.equals("cur") || folder.equals("new");
    }

    private static boolean isDotted(String folder) {
        return folder.startsWith(".") && !folder.equals(".");
    }
}
