package org.postbus.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postbus.benchmarks.load.Catalogue;
import org.postbus.benchmarks.load.Effort;
import org.postbus.benchmarks.load.Load;

class OptionsTest {

    @Test
    void withoutOptionsEverythingIsMeasuredThreeTimes() {
        Options options = Options.parse(List.of());
        assertEquals(3, options.rounds());
        assertEquals(Effort.FULL, options.effort());
        assertEquals(Catalogue.all(), options.loads());
        assertTrue(options.peers() && options.postbus());
        assertFalse(options.added());
    }

    @Test
    void quickMeansCoreLoadsOnce() {
        Options options = Options.parse(List.of("--quick"));
        assertEquals(1, options.rounds());
        assertEquals(Effort.QUICK, options.effort());
        assertTrue(names(options).contains(Catalogue.MAIN));
        assertEquals(Catalogue.DEFERRED, names(options).getLast());
        assertFalse(names(options).contains("smtp-2k-c1"));
    }

    @Test
    void whatIsSaidWinsOverQuickInEitherOrder() {
        for (List<String> words : List.of(
                List.of("--quick", "--rounds", "2", "--seconds", "7", "--only", "smtp-2k-c1"),
                List.of("--rounds", "2", "--seconds", "7", "--only", "smtp-2k-c1", "--quick"))) {
            Options options = Options.parse(words);
            assertEquals(2, options.rounds());
            assertEquals(7, options.effort().seconds());
            assertEquals(Effort.QUICK.sessions(), options.effort().sessions());
            assertEquals(List.of("smtp-2k-c1"), names(options));
        }
    }

    @Test
    void theLastOfTwoFoldersWinsSoThatALauncherCanGiveADefault() {
        assertEquals(Path.of("b"), Options.parse(List.of("--out", "a", "--out", "b")).out());
    }

    @Test
    void aFullNameIsOneLoadAndABeginningAllThatBeginSo() {
        assertEquals(List.of("smtp-10k-c50"), names(Options.parse(List.of("--only", "smtp-10k-c50"))));
        assertEquals(List.of("pop3-polls", "pop3-retr", "pop3-list"), names(Options.parse(List.of("--only", "pop3"))));
        assertEquals(List.of("smtp-2k-c1", "pop3-list"), names(Options.parse(List.of("--only", "pop3-list,smtp-2k-c1"))));
    }

    @Test
    void mistakesAreToldInOneLine() {
        for (List<String> words : List.of(List.of("--fast"), List.of("--rounds"), List.of("--rounds", "many"),
                List.of("--rounds", "0"), List.of("--only", "smtp-11k"))) {
            Options.Mistake mistake = assertThrows(Options.Mistake.class, () -> Options.parse(words));
            assertEquals(1, mistake.getMessage().lines().count());
        }
    }

    private static List<String> names(Options options) {
        return options.loads().stream().map(Load::name).toList();
    }
}
