package org.postbus.protocol.address;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;

/** Address literals (RFC 5321, section 4.1.3). */
public final class AddressLiteral {

    private static final String IPV6_TAG = "IPv6:";

    private AddressLiteral() {}

    /** The literal of a network address, with brackets: {@code [192.0.2.1]}, {@code [IPv6:2001:db8::1]}. */
    public static String of(InetAddress address) {
        String text = address.getHostAddress();
        if (!(address instanceof Inet6Address)) {
            return "[" + text + "]";
        }
        int zone = text.indexOf('%');
        return "[" + IPV6_TAG + (zone < 0 ? text : text.substring(0, zone)) + "]";
    }

    /** The network address of a literal with its brackets; empty where it is none, or one of another network (RFC 5321, 4.1.3). */
    public static Optional<InetAddress> parse(String literal) {
        if (literal.length() < 2 || literal.charAt(0) != '[' || !literal.endsWith("]")) {
            return Optional.empty();
        }
        String inner = literal.substring(1, literal.length() - 1);
        boolean ipv6 = AsciiCase.startsWith(inner, 0, IPV6_TAG);
        if (!isValid(inner) || !ipv6 && inner.indexOf(':') >= 0) {
            return Optional.empty();
        }
        // Without zeros in front: the grammar allows them, to Java a number might be octal then.
        String address = (ipv6 ? inner.substring(IPV6_TAG.length()) : inner).replaceAll("\\b0+(?=\\d)", "");
        return Optional.of(InetAddress.ofLiteral(address));
    }

    /** Whether the text between the brackets is an address literal. */
    static boolean isValid(String inner) {
        if (AsciiCase.startsWith(inner, 0, IPV6_TAG)) {
            return isIpv6(inner.substring(IPV6_TAG.length()));
        }
        return inner.indexOf(':') < 0 ? isIpv4(inner) : isGeneral(inner);
    }

    // IPv4-address-literal = Snum 3("." Snum) ; Snum = 1*3DIGIT, 0 to 255
    private static boolean isIpv4(String text) {
        String[] numbers = text.split("\\.", -1);
        if (numbers.length != 4) {
            return false;
        }
        for (String number : numbers) {
            if (!isNumber(number) || Integer.parseInt(number) > 255) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() <= 3 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    // IPv6-addr = IPv6-full / IPv6-comp / IPv6v4-full / IPv6v4-comp
    // "::" stands for at least two groups of zeros, so at most six others stand beside it.
    private static boolean isIpv6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(text, true) == 8;
        }
        String left = text.substring(0, gap);
        String right = text.substring(gap + 2);
        int before = left.isEmpty() ? 0 : groups(left, false);
        int after = right.isEmpty() ? 0 : groups(right, true);
        return before >= 0 && after >= 0 && before + after <= 6;
    }

    /** The 16-bit groups of {@code IPv6-hex *(":" IPv6-hex)}, a closing IPv4 address counting two; or -1. */
    private static int groups(String text, boolean ipv4Allowed) {
        String[] parts = text.split(":", -1);
        for (int i = 0; i < parts.length; i++) {
            boolean last = i == parts.length - 1;
            if (last && ipv4Allowed && isIpv4(parts[i])) {
                return parts.length + 1;
            }
            if (!isHex(parts[i])) {
                return -1;
            }
        }
        return parts.length;
    }

    // IPv6-hex = 1*4HEXDIG
    private static boolean isHex(String text) {
        return !text.isEmpty() && text.length() <= 4
                && text.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128);
    }

    // General-address-literal = Standardized-tag ":" 1*dcontent ; dcontent = %d33-90 / %d94-126
    private static boolean isGeneral(String text) {
        int colon = text.indexOf(':');
        String tag = text.substring(0, colon);
        String content = text.substring(colon + 1);
        return isTag(tag) && !content.isEmpty()
                && content.chars().allMatch(c -> c >= '!' && c <= 'Z' || c >= '^' && c <= '~');
    }

    // Standardized-tag = Ldh-str
    private static boolean isTag(String text) {
        return !text.isEmpty() && AddressParser.isLetterOrDigit(text.charAt(text.length() - 1))
                && text.chars().allMatch(c -> AddressParser.isLetterOrDigit((char) c) || c == '-');
    }
}
