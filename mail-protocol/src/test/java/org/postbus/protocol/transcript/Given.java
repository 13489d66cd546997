package org.postbus.protocol.transcript;

import java.util.List;
import java.util.OptionalLong;

/** What has to be there before the session of a transcript begins. */
public sealed interface Given {

    /** A local domain. */
    record Domain(String name) implements Given {}

    /** An account; {@code quotaOctets} is empty where the transcript names no quota. */
    record Account(String address, String password, OptionalLong quotaOctets) implements Given {}

    /** An alias and the addresses it leads to. */
    record Alias(String address, List<String> targets) implements Given {}

    /** A configuration key of the service under test. */
    record Config(String key, String value) implements Given {}

    /** A mail in the maildrop of an account; {@code text} has CRLF line ends. */
    record Mail(String recipient, String text) implements Given {}
}
