package org.postbus.delivery.tlspolicy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 8461, sections 3.2 and 4.1. */
class StsPolicyTest {

    @Test
    void reads_a_policy_with_either_line_end() {
        StsPolicy expected = new StsPolicy(StsPolicy.Mode.ENFORCE, List.of("mail.example.com", "*.example.net"), Duration.ofDays(7));
        assertEquals(Optional.of(expected), StsPolicy.parse(
                "version: STSv1\r\nmode: enforce\r\nmx: Mail.example.com\r\nmx: *.example.net \r\nmax_age: 604800\r\n"));
        assertEquals(Optional.of(expected), StsPolicy.parse(
                "version:STSv1\nmode:enforce\nfuture: x\nmx:mail.example.com\nmode: none\nmx:\t*.example.net\nmax_age:604800"));
    }

    @Test
    void a_policy_of_none_needs_no_hosts() {
        assertEquals(Optional.of(new StsPolicy(StsPolicy.Mode.NONE, List.of(), Duration.ofSeconds(1))),
                StsPolicy.parse("version: STSv1\nmode: none\nmax_age: 1\n"));
    }

    @Test
    void holds_a_year_at_most() {
        assertEquals(31_557_600, StsPolicy.parse("version: STSv1\nmode: testing\nmx: a\nmax_age: 9999999999\n").orElseThrow()
                .maxAge().toSeconds());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "\n", "version: STSv1", "version: STSv2\nmode: enforce\nmx: a\nmax_age: 1", "mode: enforce\nmx: a\nmax_age: 1",
        "version: STSv1\nmode: enforce\nmax_age: 1", "version: STSv1\nmode: testing\nmax_age: 1",
        "version: STSv1\nmode: Enforce\nmx: a\nmax_age: 1", "version: STSv1\nmode: enforce\nmx: a",
        "version: STSv1\nmx: a\nmax_age: 1",
        "version: STSv1\nmode: enforce\nmx: a\nmax_age: -1", "version: STSv1\nmode: enforce\nmx: a\nmax_age: 99999999999",
        "version: STSv1\nmode: enforce\nmx: a.*.b\nmax_age: 1", "version: STSv1\nmode: enforce\nmx: *\nmax_age: 1",
        "version: STSv1\nmode: enforce\nmx: a b\nmax_age: 1", "version: STSv1\nmode: enforce\nmx:\nmax_age: 1",
        "<html>version: STSv1</html>",
    })
    void everything_else_is_none(String text) {
        assertEquals(Optional.empty(), StsPolicy.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "mail.example.com, mail.example.com, true", "mail.example.com, mail2.example.com, false",
        "*.example.com, mail.example.com, true", "*.example.com, a.mail.example.com, false", "*.example.com, example.com, false",
        "*.com, example.com, true", "*.example.com, evilexample.com, false", "*.a, a, false", "*.example.com, .example.com, false",
    })
    void an_asterisk_is_one_label(String pattern, String host, boolean matches) {
        assertEquals(matches, new StsPolicy(StsPolicy.Mode.ENFORCE, List.of(pattern), Duration.ZERO).matches(host));
    }
}
