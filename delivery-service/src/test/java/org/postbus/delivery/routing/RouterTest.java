package org.postbus.delivery.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postbus.delivery.Fixtures;
import org.postbus.events.ContractViolation;
import org.postbus.events.FailedRecipient;
import org.postbus.protocol.smtp.Notify;
import org.postbus.events.NotificationRequest;
import org.postbus.events.Envelope;
import org.postbus.events.MailIds;
import org.postbus.events.RoutedEnvelope;
import org.postbus.events.RoutedEnvelope.LocalDelivery;
import org.postbus.events.TrailEvent;
import org.postbus.events.TrailStep;
import org.postbus.events.directory.Srs;
import org.postbus.protocol.address.Mailbox;

class RouterTest {

    private static final Srs SRS = new Srs(List.of("0123456789abcdef0123456789abcdef"), Instant::now);

    private final Fixtures.Names names = new Fixtures.Names();
    private final UUID mailId = MailIds.mint();
    private UUID ann;
    private UUID ben;

    @BeforeEach
    void fill() {
        names.domain("one.test", "ann@one.test").domain("bare.test", "");
        ann = names.account("ann@one.test", true);
        ben = names.account("ben@one.test", true);
        names.account("cut@one.test", false);
        names.alias("all@one.test", "staff@one.test", "ben@one.test").alias("staff@one.test", "ann@one.test", "ben@one.test");
        names.alias("ring@one.test", "gnir@one.test").alias("gnir@one.test", "ring@one.test");
        names.alias("half@one.test", "ann@one.test", "gone@one.test");
        names.alias("out@one.test", "far@remote.test");
    }

    @Test
    void oneMaildropGetsOneCopyHoweverManyPathsLeadThere() throws Exception {
        RoutedEnvelope decision = route("ANN@One.test", "all@one.test", "ann+news@one.test", "postmaster");
        assertEquals(List.of(new LocalDelivery(ann, "ann@one.test", "ANN@One.test"),
                new LocalDelivery(ben, "ben@one.test", "all@one.test")), decision.deliveries());
        assertEquals(List.of(), decision.failures());
    }

    @Test
    void ofSeveralPathsToOneMaildropOneThatWantsToHearOfAFailureStands() throws Exception {
        assertEquals("ann@one.test", standing(Optional.empty(), Optional.of(Set.of(Notify.SUCCESS))));
        assertEquals("ann+b@one.test", standing(Optional.of(Set.of()), Optional.empty()));
        assertEquals("ann+b@one.test", standing(Optional.empty(), Optional.of(Set.of(Notify.SUCCESS, Notify.FAILURE))));
        assertEquals("ann@one.test", standing(Optional.of(Set.of(Notify.DELAY)), Optional.of(Set.of())));
    }

    /** Which of two paths stands, by what each wants to hear of. */
    private String standing(Optional<Set<Notify>> first, Optional<Set<Notify>> second) throws Exception {
        Envelope plain = Fixtures.envelope(mailId, "bob@client.test", "ann@one.test", "ann+b@one.test");
        NotificationRequest request = new NotificationRequest(Optional.empty(), Optional.empty(), List.of(
                new NotificationRequest.Recipient("ann@one.test", first, Optional.empty()),
                new NotificationRequest.Recipient("ann+b@one.test", second, Optional.empty())));
        Envelope asking = new Envelope(mailId, plain.reversePath(), plain.forwardPaths(), plain.body(), plain.client(), plain.protocol(),
                plain.hostname(), plain.acceptedAt(), 0, "", Optional.of(request), List.of());
        return router().route(asking).decision().deliveries().getFirst().originalRecipient();
    }

    @Test
    void eachFailureBearsItsStatus() throws Exception {
        RoutedEnvelope decision = route("gone@one.test", "cut@one.test", "ring@one.test", "far@remote.test", "postmaster@bare.test");
        assertEquals(List.of("5.1.1", "5.2.1", "5.4.6", "5.7.1", "5.1.1"),
                decision.failures().stream().map(FailedRecipient::status).toList());
        assertEquals("far@remote.test", decision.failures().get(3).finalRecipient());
        assertEquals(List.of(), decision.deliveries());
    }

    @Test
    void recipientsFareIndependently() throws Exception {
        RoutedEnvelope decision = route("half@one.test");
        assertEquals(List.of(ann), decision.deliveries().stream().map(LocalDelivery::accountId).toList());
        assertEquals(List.of("gone@one.test"), decision.failures().stream().map(FailedRecipient::finalRecipient).toList());
    }

    @Test
    void aCatchAllTakesWhatHasNoAddress() throws Exception {
        names.domain("two.test", "").alias("@two.test", "ben@one.test");
        assertEquals(List.of(new LocalDelivery(ben, "ben@one.test", "any.body@two.test")),
                route("any.body@two.test").deliveries());
    }

    @Test
    void theQuotedFormOfAnAddressIsTheSameAddress() throws Exception {
        assertEquals(List.of(ann), route("\"ann\"@one.test").deliveries().stream().map(LocalDelivery::accountId).toList());
    }

    @Test
    void aPathThatIsNoAddressBreaksTheContract() {
        assertThrows(ContractViolation.class, () -> route("ann@one.test> SIZE=1"));
        assertThrows(ContractViolation.class, () -> route("nobody"));
        assertThrows(ContractViolation.class,
                () -> router().route(Fixtures.envelope(mailId, "two words@one.test", "ann@one.test")));
    }

    @Test
    void theTrailTellsTheSameStepsUnderTheSameIds() throws Exception {
        Routing first = router().route(Fixtures.envelope(mailId, "", "all@one.test", "gone@one.test"));
        Routing again = router().route(Fixtures.envelope(mailId, "", "all@one.test", "gone@one.test"));
        List<TrailEvent> events = first.trail(Instant.now(), 7);
        assertEquals(List.of(TrailStep.EXPANDED, TrailStep.ROUTED), events.stream().map(TrailEvent::step).toList());
        assertEquals(events.stream().map(TrailEvent::id).toList(),
                again.trail(Instant.now(), 7).stream().map(TrailEvent::id).toList());
        assertEquals(3, events.getLast().recipients().size());
        assertTrue(events.getFirst().detail().contains("alias staff@one.test"));
    }

    @Test
    void whoMayRelayReachesAddressesElsewhereInTheirOwnSpelling() throws Exception {
        Envelope envelope = Fixtures.envelope(mailId, "ann@one.test", "X.y@Far.test", "ben@one.test", "z@B\u00fccher.test");
        Routing routing = router().route(envelope.relaying(true));
        assertEquals(List.of(new RelayRecipient("X.y@Far.test", "X.y@far.test", "ann@one.test"),
                new RelayRecipient("z@B\u00fccher.test", "z@xn--bcher-kva.test", "ann@one.test")), routing.relays());
        assertEquals(List.of(ben), routing.decision().deliveries().stream().map(LocalDelivery::accountId).toList());
        assertEquals(List.of(), routing.decision().failures());
    }

    @Test
    void whoMayNotIsToldSo() throws Exception {
        Routing routing = router().route(Fixtures.envelope(mailId, "bob@client.test", "x@far.test"));
        assertEquals(List.of(), routing.relays());
        assertEquals(List.of(new FailedRecipient("x@far.test", "x@far.test", "5.7.1", "Mail is not relayed to that domain")),
                routing.decision().failures());
    }

    @Test
    void forwardedMailLeavesWithAReversePathOfTheForwardingDomainThatLeadsBack() throws Exception {
        names.domain("two.test", "").alias("@two.test", "out@one.test", "other@remote.test");
        Routing routing = router().route(Fixtures.envelope(mailId, "Bob@client.test", "out@one.test", "any@two.test"));
        assertEquals(List.of("far@remote.test", "other@remote.test"), routing.relays().stream().map(RelayRecipient::finalRecipient).toList());
        assertEquals(List.of("one.test", "two.test"), routing.relays().stream()
                .map(relay -> Mailbox.parse(relay.reversePath()).domain()).toList());
        Mailbox rewritten = Mailbox.parse(routing.relays().getFirst().reversePath());
        assertEquals(Optional.of(Mailbox.parse("Bob@client.test")), SRS.reverse(rewritten.localPart()));

        Routing back = router().route(Fixtures.envelope(mailId, "", rewritten.toString()));
        assertEquals(List.of(new RelayRecipient(rewritten.toString(), "Bob@client.test", "")), back.relays());
        assertEquals(List.of(), back.decision().failures());
        assertEquals(List.of("5.1.1"), route("SRS0=AAAAAAAA=AA=client.test=bob@one.test").failures().stream()
                .map(FailedRecipient::status).toList());
    }

    @Test
    void aReversePathOfOursTheNullOneAndOneWithoutASecretStay() throws Exception {
        for (String reversePath : List.of("", "ann@one.test", "nobody@One.test")) {
            assertEquals(reversePath, router().route(Fixtures.envelope(mailId, reversePath, "out@one.test")).relays().getFirst().reversePath());
        }
        Routing bare = new Router(names, Optional.empty()).route(Fixtures.envelope(mailId, "bob@client.test", "out@one.test"));
        assertEquals("bob@client.test", bare.relays().getFirst().reversePath());
    }

    @Test
    void anAddressElsewhereGetsOneCopyHoweverManyPathsLeadThere() throws Exception {
        names.alias("more@one.test", "far@remote.test", "out@one.test");
        NotificationRequest request = new NotificationRequest(Optional.empty(), Optional.empty(), List.of(
                new NotificationRequest.Recipient("out@one.test", Optional.of(Set.of()), Optional.empty())));
        Envelope plain = Fixtures.envelope(mailId, "ann@one.test", "out@one.test", "more@one.test", "far@remote.test");
        Envelope asking = new Envelope(mailId, plain.reversePath(), plain.forwardPaths(), plain.body(), plain.client(), plain.protocol(),
                plain.hostname(), plain.acceptedAt(), 0, "", Optional.of(request), List.of(), true);
        assertEquals(List.of(new RelayRecipient("more@one.test", "far@remote.test", "ann@one.test")), router().route(asking).relays());
        assertEquals(List.of("out@one.test"), router().route(plain).relays().stream().map(RelayRecipient::originalRecipient).toList());
    }

    @Test
    void theTrailTellsOfRelays() throws Exception {
        Envelope envelope = Fixtures.envelope(mailId, "ann@one.test", "out@one.test", "x@Far.test", "ben@one.test").relaying(true);
        List<TrailEvent> events = router().route(envelope).trail(Instant.now(), 7);
        assertEquals(List.of(new TrailEvent.Recipient("out@one.test", "far@remote.test", "2.1.5", "")), events.getFirst().recipients());
        assertEquals(TrailStep.EXPANDED, events.getFirst().step());
        assertEquals(List.of("ben@one.test", "far@remote.test", "x@far.test"),
                events.getLast().recipients().stream().map(TrailEvent.Recipient::finalRecipient).toList());
    }

    private Router router() {
        return new Router(names, Optional.of(SRS));
    }

    private RoutedEnvelope route(String... forwardPaths) throws ContractViolation {
        return router().route(Fixtures.envelope(mailId, "sender@one.test", forwardPaths)).decision();
    }
}
