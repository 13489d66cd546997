package org.postbus.mailbox.directory;

import static org.hamcrest.Matchers.oneOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.postbus.mailbox.Api.createAccount;
import static org.postbus.mailbox.Api.createAlias;
import static org.postbus.mailbox.Api.freshDomain;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.postbus.embedded.EmbeddedServers;
import org.postbus.events.TopicCheck;
import org.postbus.events.Topics;
import org.postbus.mailbox.Servers;

/** mail.directory is lost while the service runs, with tables of its own: other tests have accounts that were never published. */
@QuarkusTest
@TestProfile(LostTopicTest.OwnTables.class)
@QuarkusTestResource(Servers.class)
class LostTopicTest {

    private static final String MARK = "directory:rebuilding";
    private static final Duration BOUND = Duration.ofSeconds(60);

    public static class OwnTables implements QuarkusTestProfile {
    }

    @Test
    void whatIsPublishedNextIsPublishedBehindAllThatWasLost() throws Exception {
        String domain = freshDomain();
        createAccount("a@" + domain, "secret").statusCode(201);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", EmbeddedServers.forTests().bootstrapServers()))) {
            admin.deleteTopics(List.of(Topics.MAIL_DIRECTORY)).all().get();
            await(() -> !topics(admin).contains(Topics.MAIL_DIRECTORY));
            TopicCheck.createStandalone(admin);
            await(() -> topics(admin).contains(Topics.MAIL_DIRECTORY));
        }
        createAlias("b@" + domain, "a@" + domain).statusCode(oneOf(201, 202));
        await(() -> keys().indexOf(MARK) < keys().lastIndexOf(MARK));
        List<String> keys = keys();
        assertEquals(MARK, keys.getFirst());
        int account = keys.indexOf("address:a@" + domain);
        int alias = keys.indexOf("address:b@" + domain);
        assertTrue(0 < account && account < alias && alias < keys.lastIndexOf(MARK), keys.toString());
    }

    private static List<String> keys() {
        return DirectoryTopicTest.all().stream().map(record -> new String(record.key(), StandardCharsets.UTF_8)).toList();
    }

    private static Set<String> topics(Admin admin) throws Exception {
        return admin.listTopics().names().get();
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + BOUND.toNanos();
        while (!condition.call()) {
            assertTrue(System.nanoTime() < deadline, "it has not come");
            LockSupport.parkNanos(20_000_000);
        }
    }
}
