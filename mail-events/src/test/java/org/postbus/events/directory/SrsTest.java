package org.postbus.events.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postbus.protocol.address.Mailbox;

class SrsTest {

    private static final String OURS = "fwd.test";
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final Instant NOW = Instant.parse("2026-11-23T10:15:30Z");

    private final Srs srs = at(NOW, SECRET);

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {
        "ann@far.test,                                   far.test=ann@fwd.test",
        "Ann.Lee+tag=x@FAR.test,                         far.test=Ann.Lee+tag=x@fwd.test",
        "`\"a b\"@far.test`,                             far.test=a b\"@fwd.test",
        "x@[192.0.2.1],                                  [192.0.2.1]=x\"@fwd.test",
        "\u00e4nn@b\u00fccher.test,                      xn--bcher-kva.test=\u00e4nn@fwd.test",
        "SRS0=HHH=TT=far.test=ann@hop.test,              hop.test==HHH=TT=far.test=ann@fwd.test",
        "srs0+HHH=TT=far.test=ann@hop.test,              hop.test=+HHH=TT=far.test=ann@fwd.test",
        "SRS1=HHH=hop.test==HHH=TT=far.test=ann@two.test,hop.test==HHH=TT=far.test=ann@fwd.test",
        "SRS1-HHH=hop.test=-HHH=TT=far.test=ann@two.test,hop.test=-HHH=TT=far.test=ann@fwd.test",
        "SRS1=nonsense@far.test,                         far.test=SRS1=nonsense@fwd.test",
        "srs0@far.test,                                  far.test=srs0@fwd.test",
    })
    void aReversePathIsRewrittenIntoOurDomain(String reversePath, String end) {
        Mailbox rewritten = srs.rewrite(Mailbox.parse(reversePath), OURS);
        String text = rewritten.toString();
        assertTrue(text.matches("\"?SRS[01]=[A-Z2-7]{8}=?[A-Z2-7]{2}=.*") && text.endsWith(end), text);
        assertEquals(rewritten, Mailbox.parse(rewritten.toString()));
    }

    @Test
    void theFormsAreThoseThatOthersKnow() {
        assertEquals("SRS0=4EGQYO3K=JM=far.test=ann@fwd.test", srs.rewrite(Mailbox.parse("ann@far.test"), OURS).toString());
        assertEquals("SRS1=UGWBEQN6JM=hop.test==HHH=TT=far.test=ann@fwd.test",
                srs.rewrite(Mailbox.parse("SRS0=HHH=TT=far.test=ann@hop.test"), OURS).toString());
    }

    @Test
    void whatWasRewrittenComesBackAsItWas() {
        Random random = new Random(7);
        for (int i = 0; i < 5_000; i++) {
            Mailbox original = anyMailbox(random);
            Mailbox rewritten = srs.rewrite(original, OURS);
            if (rewritten.equals(original)) {
                int written = original.toString().length() - original.domain().length() - 1;
                assertTrue(written + original.canonicalDomain().length() + 18 + 2 > Mailbox.MAX_LOCAL_PART, original.toString());
            } else {
                Mailbox back = srs.reverse(rewritten.localPart()).orElseThrow();
                assertEquals(original.localPart(), back.localPart());
                assertEquals(original.canonicalDomain(), back.canonicalDomain());
            }
        }
    }

    /** Some are already rewritten by somebody, some have to be quoted, some are too long. */
    private static Mailbox anyMailbox(Random random) {
        String alphabet = "abcXYZ019.+-=_!%@ \"\\";
        StringBuilder local = new StringBuilder(List.of("", "SRS0=", "SRS0+AB=", "").get(random.nextInt(4)));
        int length = 1 + random.nextInt(40);
        for (int i = 0; i < length; i++) {
            local.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return new Mailbox(local.toString(), List.of("far.test", "Far.TEST", "b\u00fccher.test", "[IPv6:::1]").get(random.nextInt(4)));
    }

    @Test
    void aChangeOfCaseOnTheWayDoesNoHarm() {
        for (String reversePath : List.of("Ann@far.test", "SRS0=hHh=tT=far.test=Ann@hop.test")) {
            Mailbox original = Mailbox.parse(reversePath);
            String local = srs.rewrite(original, OURS).localPart();
            for (String changed : List.of(local, local.toLowerCase(Locale.ROOT), local.toUpperCase(Locale.ROOT))) {
                assertEquals(original.canonical(), srs.reverse(changed).orElseThrow().canonical());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ann@far.test", "SRS0=HHH=TT=far.test=ann@hop.test"})
    void noOctetOfItCanBeAnother(String reversePath) {
        String right = srs.rewrite(Mailbox.parse(reversePath), OURS).localPart();
        Optional<Mailbox> original = srs.reverse(right);
        for (int i = 0; i < right.length(); i++) {
            for (char other : "abz27=.-".toCharArray()) {
                String changed = right.substring(0, i) + other + right.substring(i + 1);
                boolean same = changed.equalsIgnoreCase(right);
                assertEquals(same ? original.map(Mailbox::canonical) : Optional.empty(), srs.reverse(changed).map(Mailbox::canonical), changed);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ann", "SRS0=", "SRS0====", "SRS0=4EGQYO3K=JM=far.test", "SRS0=4EGQYO3K=JM==ann", "SRS1=4EGQYO3KJM==",
        "SRS1=4EGQYO3KJM=hop.test=", "SRS0=11111111=11=far.test=ann", "SRS0=4EGQYO3K=JM=far test=ann", "SRS1=4EGQYO3K=JM=far.test=ann",
        "SRS0+4EGQYO3K=JM=far.test=ann"})
    void whatIsNoneIsRefused(String localPart) {
        assertEquals(Optional.empty(), srs.reverse(localPart));
    }

    @ParameterizedTest
    @CsvSource({"-2, false", "-1, true", "0, true", "21, true", "22, false", "500, false", "1023, true", "1024, true", "1050, false"})
    void itWorksForThreeWeeksAndTheDayIsOneOf1024(int daysLater, boolean works) {
        for (String reversePath : List.of("ann@far.test", "SRS0=HHH=TT=far.test=ann@hop.test")) {
            String local = srs.rewrite(Mailbox.parse(reversePath), OURS).localPart();
            assertEquals(works, at(NOW.plus(Duration.ofDays(daysLater)), SECRET).reverse(local).isPresent());
        }
    }

    @Test
    void whatALocalPartCannotHoldStaysAsItIs() {
        Mailbox fits = Mailbox.parse("a".repeat(Mailbox.MAX_LOCAL_PART - 18 - "far.test".length()) + "@far.test");
        assertEquals(Mailbox.MAX_LOCAL_PART, srs.rewrite(fits, OURS).localPart().length());
        Mailbox tooLong = Mailbox.parse("a" + fits);
        assertEquals(tooLong, srs.rewrite(tooLong, OURS));
        Mailbox ambiguous = Mailbox.parse("a@[tag:x=y]");
        assertEquals(ambiguous, srs.rewrite(ambiguous, OURS));
    }

    @Test
    void aSecretIsReplacedWhileTheOldOneStillVerifies(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("srs-secret");
        Files.writeString(file, "a".repeat(32) + "\n");
        String old = Srs.read(file).rewrite(Mailbox.parse("ann@far.test"), OURS).localPart();
        Files.writeString(file, "b".repeat(32) + "\n\n" + "a".repeat(32) + "\n");
        Srs both = Srs.read(file);
        String fresh = both.rewrite(Mailbox.parse("ann@far.test"), OURS).localPart();
        assertTrue(!fresh.equals(old) && both.reverse(old).isPresent() && both.reverse(fresh).isPresent());
        Files.writeString(file, "b".repeat(32) + "\n");
        assertEquals(Optional.empty(), Srs.read(file).reverse(old));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "tooshort\n", "0123456789abcdef0123456789abcdef\ntooshort\n"})
    void aWeakSecretIsRefused(String text, @TempDir Path folder) throws IOException {
        Path file = folder.resolve("srs-secret");
        Files.writeString(file, text);
        assertThrows(IllegalArgumentException.class, () -> Srs.read(file));
    }

    private static Srs at(Instant now, String... secrets) {
        return new Srs(List.of(secrets), () -> now);
    }
}
