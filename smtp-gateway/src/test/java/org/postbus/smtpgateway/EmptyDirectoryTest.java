package org.postbus.smtpgateway;

import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
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

    @Test
    void nobodyIsRefusedForGoodWhileNamesArePublishedAnew() throws Exception {
        try (TestKafka kafka = new TestKafka(folder.resolve("rebuilt"), 0)) {
            kafka.rebuilding();
            kafka.domain("example.org", Optional.empty());
            try (TestGateway gateway = new TestGateway(kafka); Client client = new Client(gateway.address())) {
                Client.expect("220", client.reply());
                Client.expect("250", client.ask("EHLO client.example"));
                Client.expect("250", client.ask("MAIL FROM:<a@b.test>"));
                Client.expect("451 4.3.0", client.ask("RCPT TO:<jones@example.org>"));
                Client.expect("451 4.3.0", client.ask("RCPT TO:<jones@example.com>"));
                kafka.account("jones@example.org", true);
                Client.expect("250", client.ask("RCPT TO:<jones@example.org>"));
                kafka.rebuilt();
                Client.expect("550 5.1.1", client.ask("RCPT TO:<smith@example.org>"));
                Client.expect("550 5.7.1", client.ask("RCPT TO:<jones@example.com>"));
            }
        }
    }

    @Test
    void aLoginMayYetBeTheSenderUntilItsNameIsKnown() throws Exception {
        try (TestKafka kafka = new TestKafka(folder.resolve("sender"), 0); TestGateway gateway = new TestGateway(kafka)) {
            UUID jones = UUID.randomUUID();
            gateway.mailbox.account("jones@example.org", jones, "secret");
            try (Client client = new Client(gateway.submissions()).handshake()) {
                Client.expect("220", client.reply());
                Client.expect("250", client.ask("EHLO client.example"));
                Client.expect("235", client.logIn("jones@example.org", "secret"));
                Client.expect("451 4.3.0", client.ask("MAIL FROM:<jones@example.org>"));
                kafka.rebuilding();
                kafka.domain("example.org", Optional.empty());
                Client.expect("451 4.3.0", client.ask("MAIL FROM:<jones@example.org>"));
                kafka.rebuilt();
                Client.expect("553 5.7.1", client.ask("MAIL FROM:<jones@example.org>"));
            }
        }
    }
}
