package org.postbus.benchmarks.server;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postbus.benchmarks.remote.Elsewhere;

class PeerConfigurationTest {

    @TempDir
    private Path folder;

    @Test
    void everythingIsInItsFolderAndOnItsPorts() throws IOException {
        PeerConfiguration configuration = new PeerConfiguration(folder, 31025, 31110,
                List.of(new Elsewhere.Domain("a.test", "127.0.0.1", 31026), new Elsewhere.Domain("b.test", "127.0.0.1", 31027)));
        configuration.write();
        String main = Files.readString(configuration.postfix().resolve("main.cf"));
        assertTrue(main.contains("queue_directory = " + folder + "/queue\n"), main);
        assertTrue(main.contains("transport_maps = "
                + "inline:{ { a.test = smtp:[127.0.0.1]:31026 }, { b.test = smtp:[127.0.0.1]:31027 } }\n"), main);
        assertTrue(Files.readString(configuration.postfix().resolve("master.cf")).startsWith("127.0.0.1:31025 inet"));
        String dovecot = Files.readString(configuration.dovecot());
        assertTrue(dovecot.contains("port = 31110\n"), dovecot);
        assertTrue(dovecot.contains("args = password=" + Server.PASSWORD + "\n"), dovecot);
        for (String text : new String[] {main, dovecot}) {
            assertFalse(text.matches("(?s).*\\b(FOLDER|SMTP|POP3|PASSWORD|PROCESSORS|ROUTES)\\b.*"), text);
        }
    }
}
