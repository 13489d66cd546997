package org.postbus.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensTest {

    private static final String TOKEN = "0123456789abcdef0123456789abcdef";

    @TempDir
    Path folder;

    @Test
    void tellsTheTwoTokensApart() throws IOException {
        Tokens tokens = new Tokens(Optional.of(file("admin", TOKEN + "\n")), Optional.of(file("internal", "x" + TOKEN)));
        assertTrue(tokens.isAdmin(Optional.of(TOKEN)));
        assertTrue(tokens.isInternal(Optional.of("x" + TOKEN)));
        assertFalse(tokens.isAdmin(Optional.of("x" + TOKEN)));
        assertFalse(tokens.isInternal(Optional.of(TOKEN)));
        assertFalse(tokens.isAdmin(Optional.empty()));
        assertFalse(tokens.isAdmin(Optional.of("")));
    }

    @Test
    void takesTheOldOneWhileANewOneFollowsIt() throws IOException {
        Tokens tokens = new Tokens(Optional.of(file("admin", TOKEN)), Optional.of(file("internal", "new" + TOKEN + "\n\nold" + TOKEN + "\n")));
        assertTrue(tokens.isInternal(Optional.of("new" + TOKEN)));
        assertTrue(tokens.isInternal(Optional.of("old" + TOKEN)));
        assertFalse(tokens.isInternal(Optional.of(TOKEN)));
        assertFalse(tokens.isInternal(Optional.of("new" + TOKEN + "\n\nold" + TOKEN)));
        assertFalse(tokens.isInternal(Optional.of("")));
    }

    @Test
    void letsNobodyInWithoutAFile() throws IOException {
        Tokens tokens = new Tokens(Optional.empty(), Optional.empty());
        for (Optional<String> token : List.of(Optional.<String>empty(), Optional.of(""), Optional.of("null"), Optional.of(TOKEN))) {
            assertFalse(tokens.isAdmin(token));
            assertFalse(tokens.isInternal(token));
        }
    }

    @Test
    void saysInOneLineWhatIsWrong() throws IOException {
        Optional<Path> good = Optional.of(file("good", TOKEN));
        assertEquals("postbus.internal-token-file: cannot read " + folder.resolve("none") + " (NoSuchFileException)",
                refusal(good, Optional.of(folder.resolve("none"))));
        assertEquals("postbus.admin-token-file: the token in " + folder.resolve("short") + " is shorter than 32 characters",
                refusal(Optional.of(file("short", "secret")), good));
        assertEquals("postbus.admin-token-file: the token in " + folder.resolve("one") + " is shorter than 32 characters",
                refusal(Optional.of(file("one", TOKEN + "\nsecret")), good));
        assertEquals("postbus.admin-token-file: the token in " + folder.resolve("empty") + " is shorter than 32 characters",
                refusal(Optional.of(file("empty", "\n")), good));
    }

    private static String refusal(Optional<Path> admin, Optional<Path> internal) {
        ConfigurationException refusal = assertThrows(ConfigurationException.class, () -> new Tokens(admin, internal));
        assertNull(refusal.getCause(), "a cause would be printed with its stack trace");
        return refusal.getMessage();
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }
}
