package org.postbus.smtpgateway;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that knows of no domain: none was made yet, or Kafka has lost its topics. */
class EmptyDirectoryTest {

    @TempDir
    static Path folder;

    @Test
    void nobodyIsRefusedForGoodUntilADomainIsKnown() throws Exception {
        try (TestKafka kafka = new TestKafka(folder.resolve("kafka"), 0); TestGateway gateway = new TestGateway(kafka);
                Client client = new Client(gateway.address())) {
            Client.expect("220", client.reply());
            Client.expect("250", client.ask("EHLO client.example"));
            Client.expect("250", client.ask("MAIL FROM:<a@b.test>"));
            Client.expect("451 4.3.0", client.ask("RCPT TO:<jones@example.org>"));
            kafka.domain("example.org", Optional.empty());
            Client.expect("550 5.1.1", client.ask("RCPT TO:<jones@example.org>"));
            Client.expect("550 5.7.1", client.ask("RCPT TO:<jones@example.com>"));
        }
    }
}
