package org.postbus.mailbox.credential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.Sha2Crypt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postbus.rest.ProblemException;

class HashFormTest {

    /** Of the test suites of crypt_blowfish, of Drepper's specification, and made by the reference implementation of Argon2. */
    static Stream<Arguments> vectors() {
        return Stream.of(
                Arguments.of("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U"),
                Arguments.of("$2b$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK", "U*U*"),
                Arguments.of("$2y$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK", "U*U*"),
                Arguments.of("$2y$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui",
                        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored"),
                Arguments.of("$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1",
                        "Hello world!"),
                Arguments.of("$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/"
                        + "YTBmSK6H9qs/y3RnOaw5v.", "Hello world!"),
                Arguments.of("$6$rounds=5000$toolongsaltstrin$lQ8jolhgVRVhY4b5pZKaysCLi0QBxGoNeKQzQ3glMhwllF7oGDZxUhx1yxdYcz/"
                        + "e1JSbq3y6JMxxl8audkUEm0", "This is just a test"),
                Arguments.of("$argon2d$v=19$m=256,t=2,p=1$c29tZXNhbHQ$JcTui6RIBUtJ78gE5Hi52CO+H5vS6Z9R1uxAB6OhUB8", "password"),
                Arguments.of("$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8", "password"),
                Arguments.of("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "password"),
                Arguments.of("$argon2d$v=19$m=1024,t=3,p=4$c29tZXNhbHQ$xm8Kgmvo5R+iPTvRRDM1OkdC3njMsJsU", "password"));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void aKnownHashMatchesItsPasswordAlone(String hash, String password) {
        Argon2 argon2 = new Argon2(1, Duration.ofSeconds(5));
        assertEquals(hash, PasswordHash.of(hash).text());
        assertEquals(Argon2.Verdict.MATCH, argon2.matches(hash, Password.of(password)));
        assertEquals(Argon2.Verdict.MISMATCH, argon2.matches(hash, Password.of("x" + password)));
        assertEquals(Argon2.Verdict.MISMATCH, argon2.matches(hash, Password.offered("")));
        String other = hash.substring(0, hash.length() - 2) + (hash.charAt(hash.length() - 2) == 'a' ? 'b' : 'a')
                + hash.charAt(hash.length() - 1);
        assertEquals(Argon2.Verdict.MISMATCH, argon2.matches(other, Password.of(password)));
    }

    /** Whatever cannot be a password is offered as the empty one. */
    @Test
    void theHashOfTheEmptyPasswordMatchesNothing() {
        String hash = "$6$abc$mJP3a6FyA8uCnzRtlnNypPwjnvpi5TP9qOrInzrfDmwxUQG38PkpCPdqfTb8JQfAngapMxeim4AZ..hSdRRzD.";
        assertTrue(HashForm.of(hash).orElseThrow().matches(hash, Password.offered("")), "as it is");
        assertEquals(Argon2.Verdict.MISMATCH, new Argon2(1, Duration.ofSeconds(5)).matches(hash, Password.offered("a\nb")));
    }

    /** Its cost grows with the password. */
    @Test
    void aVeryLongPasswordDoesNotMatchSha512Crypt() {
        for (String password : new String[] {"x".repeat(256), "x".repeat(257), "\u00e4".repeat(128), "\u00e4".repeat(129)}) {
            byte[] octets = password.getBytes(StandardCharsets.UTF_8);
            String hash = Sha2Crypt.sha512Crypt(octets.clone(), "$6$saltstring");
            assertEquals(octets.length <= 256, HashForm.SHA512_CRYPT.matches(hash, Password.of(password)));
        }
    }

    @Test
    void lettersOutsideAsciiAreUtf8() {
        assertTrue(HashForm.SHA512_CRYPT.matches("$6$saltstring$CSTM8ggie.dU5m6eoS07/LZ2D/r4hrX.jxMSo1fYZexnehwOFJu1o2u1p.BZSnrxIhERrHnuxI8ONbt/kSPvF0", Password.offered("p\u0061\u0308ssword")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{BLF-CRYPT}$2y$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK",
        "{crypt}$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK",
        "{Argon2ID}$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "{ARGON2I}$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8",
        "{SHA512-CRYPT}$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1",
        "{CRYPT}$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1"})
    void dovecotsSchemeMayBeBeforeIt(String text) {
        assertEquals(text.substring(text.indexOf('}') + 1), PasswordHash.of(text).text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "secret", "$", "{PLAIN}secret", "{SSHA}c2VjcmV0", "{BLF-CRYPT}", "$1$salt$hash",
        "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc8", "$y$j9T$salt$hash", "{BLF-CRYPT.HEX}$2y$05$x",
        "{SHA512-CRYPT}$2y$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK",
        "$2x$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK", "$2y$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lw",
        "$2y$5$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK", "$6$salt$short",
        "$argon2id$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65E", "$argon2id$v=19$m=256,t=2,p=1$c29t$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4\n"})
    void whatIsNoSuchHashIsRefusedWithoutRepeatingIt(String text) {
        ProblemException refused = assertThrows(ProblemException.class, () -> PasswordHash.of(text));
        assertEquals(422, refused.problem().status());
        assertFalse(text.length() > 20 && refused.problem().detail().contains(text.substring(10)), refused.problem().detail());
    }

    @ParameterizedTest
    @ValueSource(strings = {"$2y$15$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK",
        "$2y$03$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK", "$2y$31$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK",
        "$6$rounds=1000001$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1",
        "$argon2id$v=19$m=262145,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=11,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=0,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=2,p=17$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=7,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"})
    void whatCostsTooMuchOrNothingIsRefused(String text) {
        assertTrue(HashForm.of(text).orElseThrow().objection(text).isPresent());
        assertEquals(422, assertThrows(ProblemException.class, () -> PasswordHash.of(text)).problem().status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"$2y$14$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK",
        "$6$rounds=1000000$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1",
        "$argon2id$v=19$m=262144,t=10,p=16$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"})
    void theBoundsThemselvesAreTaken(String text) {
        assertEquals(Optional.empty(), HashForm.of(text).orElseThrow().objection(text));
        assertEquals(text, PasswordHash.of(text).text());
        assertEquals("PasswordHash[]", PasswordHash.of(text).toString());
    }
}
