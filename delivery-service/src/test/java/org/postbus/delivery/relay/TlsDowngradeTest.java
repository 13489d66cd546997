package org.postbus.delivery.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postbus.delivery.tlspolicy.CertificateCheck;
import org.postbus.delivery.tlspolicy.PolicyStore;
import org.postbus.delivery.tlspolicy.StsPolicy;
import org.postbus.protocol.remote.RemoteMx;
import org.postbus.protocol.remote.Script;
import org.postbus.protocol.remote.Script.Answer;
import org.postbus.protocol.tls.TestCertificate;

/**
 * S31: whoever can change what a remote says cannot make mail go in clear text, or to somebody else, where TLS is asked for. The
 * domains {@code require.*} and {@code verify.*} have a setting, {@code sts.*} publish a policy, {@code open.*} ask for nothing.
 */
class TlsDowngradeTest {

    private static final List<String> ATTACKS = List.of("stripped", "refused", "hangup", "garbage", "stranger", "othername");
    private static final Elsewhere ELSEWHERE = new Elsewhere();

    @TempDir
    static Path folder;
    private static RelayBench bench;
    private static Identity trusted;

    /** A certificate for some names with its key. */
    private record Identity(KeyStore store, SSLContext context) {

        static Identity of(String... names) throws Exception {
            TestCertificate certificate = TestCertificate.make(folder, names);
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(certificate.store())) {
                store.load(in, certificate.password().toCharArray());
            }
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, certificate.password().toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return new Identity(store, context);
        }
    }

    @BeforeAll
    static void begin() throws Exception {
        ELSEWHERE.host("first.test", Script.USUAL);
        trusted = Identity.of("mx.good.test");
        Map<String, String> settings = new HashMap<>();
        ATTACKS.forEach(attack -> {
            settings.put("routes.\"require." + attack + ".test\".tls", "require");
            settings.put("routes.\"verify." + attack + ".test\".tls", "verify");
        });
        settings.put("routes.\"verify.good.test\".tls", "verify");
        settings.put("routes.\"none.good.test\".tls", "none");
        settings.put("mta-sts.enabled", "true");
        X509ExtendedTrustManager trust = CertificateCheck.trust(Optional.of(trusted.store()));
        bench = new RelayBench(ELSEWHERE.settings(settings), policy -> new CertificateCheck(policy, trust)).start();
    }

    @AfterAll
    static void end() throws Exception {
        bench.close();
        ELSEWHERE.close();
    }

    @ParameterizedTest
    @CsvSource({"require,stripped,4.7.10", "require,refused,4.7.10", "require,hangup,4.7.5", "require,garbage,4.7.5",
            "verify,stripped,4.7.10", "verify,refused,4.7.10", "verify,hangup,4.7.5", "verify,garbage,4.7.5", "verify,stranger,4.7.5",
            "verify,othername,4.7.5", "sts,stripped,4.7.10", "sts,refused,4.7.10", "sts,hangup,4.7.5", "sts,garbage,4.7.5",
            "sts,stranger,4.7.5", "sts,othername,4.7.5"})
    void mailIsHeldAndNothingOfItGoesInClearText(String demand, String attack, String status) throws Exception {
        String domain = demand + "." + attack + ".test";
        RemoteMx mx = attacked(domain, attack);
        if (demand.equals("sts")) {
            enforce(domain);
        }
        bench.enqueue("ann@one.test", "bob@" + domain);
        bench.settled();
        assertEquals(List.of(status), bench.texts("select status from recipient where destination = '" + domain + "'"));
        assertTrue(mx.connections() > 0);
        assertEquals(List.of(), mx.mails());
        assertEquals(List.of(), mx.heard().stream().filter(line -> line.contains("@")).toList());
    }

    @ParameterizedTest
    @CsvSource({"stripped,false", "refused,false", "hangup,false", "garbage,false", "stranger,true", "othername,true"})
    void whereNothingIsAskedForMailGoesAsItCan(String attack, boolean tls) throws Exception {
        String domain = "open." + attack + ".test";
        RemoteMx mx = attacked(domain, attack);
        bench.enqueue("ann@one.test", "bob@" + domain);
        bench.settled();
        assertEquals(1, mx.mails().size());
        assertEquals(tls, mx.mails().getFirst().tls());
    }

    @Test
    void aCertificateThatIsTrustedAndNamesTheHostIsGood() throws Exception {
        RemoteMx mx = ELSEWHERE.host("mx.good.test", List.of("PIPELINING"), Optional.of(trusted.context()), Script.USUAL);
        for (String domain : List.of("verify.good.test", "sts.good.test")) {
            ELSEWHERE.dns().mx(domain, 10, "mx.good.test");
        }
        enforce("sts.good.test");
        bench.enqueue("ann@one.test", "bob@verify.good.test", "bob@sts.good.test");
        bench.settled();
        assertEquals(2, mx.mails().size());
        assertTrue(mx.mails().stream().allMatch(mail -> mail.tls()));
        assertTrue(bench.trail().stream().anyMatch(event -> event.detail().contains("TLSv1.3")));
    }

    @Test
    void whereTlsIsNotWantedItIsNotAskedFor() throws Exception {
        RemoteMx mx = ELSEWHERE.domain("none.good.test", List.of(), Optional.of(trusted.context()), Script.USUAL);
        bench.enqueue("ann@one.test", "bob@none.good.test");
        bench.settled();
        assertFalse(mx.mails().getFirst().tls());
        assertFalse(mx.heard().contains("STARTTLS"));
    }

    /** A host that the policy does not list is not connected to, though the DNS says so (RFC 8461, section 4). */
    @Test
    void aHostThatThePolicyDoesNotListGetsNothing() throws Exception {
        RemoteMx mx = ELSEWHERE.domain("sts.unlisted.test", List.of(), Optional.of(trusted.context()), Script.USUAL);
        bench.policies().put("sts.unlisted.test", new PolicyStore.Stored("1",
                new StsPolicy(StsPolicy.Mode.ENFORCE, List.of("mx.elsewhere.test"), Duration.ofDays(9)), Instant.now()));
        bench.enqueue("ann@one.test", "bob@sts.unlisted.test");
        bench.settled();
        assertEquals(List.of("4.7.5"), bench.texts("select status from recipient where destination = 'sts.unlisted.test'"));
        assertEquals(0, mx.connections());
    }

    /** One relay for two domains: a connection that is good enough for one is not for the other. */
    @Test
    void aConnectionInClearTextServesNoDomainThatAsksForTls() throws Exception {
        try (RemoteMx mx = RemoteMx.usual(Script.USUAL)) {
            Map<String, String> settings = new HashMap<>();
            for (String domain : List.of("clear.test", "strict.test")) {
                settings.put("routes.\"" + domain + "\".host", "127.0.0.1");
                settings.put("routes.\"" + domain + "\".port", String.valueOf(mx.port()));
            }
            settings.put("routes.\"strict.test\".tls", "require");
            settings.put("relay.concurrency", "1");
            try (RelayBench both = new RelayBench(settings).start()) {
                for (int i = 0; i < 10; i++) {
                    both.enqueue("ann@one.test", "bob@clear.test", "bob@strict.test");
                }
                both.settled();
                assertEquals(10, mx.mails().size());
                assertTrue(mx.heard().stream().noneMatch(line -> line.contains("strict.test")));
                assertEquals(10, both.queued());
            }
        }
    }

    private static RemoteMx attacked(String domain, String attack) throws Exception {
        Optional<SSLContext> own = Optional.of(trusted.context());
        return switch (attack) {
            case "stripped" -> ELSEWHERE.domain(domain, List.of("PIPELINING"), Optional.empty(), Script.USUAL);
            case "refused" -> ELSEWHERE.domain(domain, List.of(), own,
                    Script.onCommand("STARTTLS", new Answer.Say("454 4.7.0 TLS not available\r\n")));
            case "hangup" -> ELSEWHERE.domain(domain, List.of("STARTTLS"), Optional.empty(),
                    Script.onCommand("STARTTLS", new Answer.SayAndDrop("220 go\r\n")));
            case "garbage" -> ELSEWHERE.domain(domain, List.of("STARTTLS"), Optional.empty(),
                    Script.onCommand("STARTTLS", new Answer.SayThenDrop("220 go\r\n", "garbage\r\n".repeat(100))));
            // The name is right, and nobody knows who says so.
            case "stranger" -> ELSEWHERE.domain(domain, List.of(), Optional.of(Identity.of("mx." + domain).context()), Script.USUAL);
            case "othername" -> ELSEWHERE.domain(domain, List.of(), own, Script.USUAL);
            default -> throw new IllegalArgumentException(attack);
        };
    }

    private static void enforce(String domain) {
        bench.policies().put(domain, new PolicyStore.Stored("1",
                new StsPolicy(StsPolicy.Mode.ENFORCE, List.of("mx." + domain, "mx.good.test"), Duration.ofDays(9)), Instant.now()));
    }
}
