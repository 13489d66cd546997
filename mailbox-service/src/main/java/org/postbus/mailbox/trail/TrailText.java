package org.postbus.mailbox.trail;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Text of events as PostgreSQL and people can bear it: printable, of bounded length, never null. */
final class TrailText {

    private static final int MAX = 1000;
    private static final Pattern CONTROLS = Pattern.compile("\\p{Cntrl}");

    private TrailText() {
    }

    static String of(String text) {
        String cut = Optional.ofNullable(text).map(given -> given.length() <= MAX ? given : given.substring(0, MAX)).orElse("");
        return CONTROLS.matcher(cut).replaceAll(" ");
    }

    /** An address as it is searched: people do not know how the domain spells its local parts. */
    static String address(String path) {
        return of(path).toLowerCase(Locale.ROOT);
    }
}
