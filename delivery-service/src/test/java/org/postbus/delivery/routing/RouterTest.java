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

class RouterTest {

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
        return new Router(names).route(asking).decision().deliveries().getFirst().originalRecipient();
    }

    @Test
    void eachFailureBearsItsStatus() throws Exception {
        RoutedEnvelope decision = route("gone@one.test", "cut@one.test", "ring@one.test", "out@one.test", "postmaster@bare.test");
        assertEquals(List.of("5.1.1", "5.2.1", "5.4.6", "5.7.1", "5.1.1"),
                decision.failures().stream().map(FailedRecipient::status).toList());
        assertEquals("far@remote.test", decision.failures().get(3).finalRecipient());
        assertEquals("out@one.test", decision.failures().get(3).originalRecipient());
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
                () -> new Router(names).route(Fixtures.envelope(mailId, "two words@one.test", "ann@one.test")));
    }

    @Test
    void theTrailTellsTheSameStepsUnderTheSameIds() throws Exception {
        Routing first = new Router(names).route(Fixtures.envelope(mailId, "", "all@one.test", "gone@one.test"));
        Routing again = new Router(names).route(Fixtures.envelope(mailId, "", "all@one.test", "gone@one.test"));
        List<TrailEvent> events = first.trail(Instant.now(), 7);
        assertEquals(List.of(TrailStep.EXPANDED, TrailStep.ROUTED), events.stream().map(TrailEvent::step).toList());
        assertEquals(events.stream().map(TrailEvent::id).toList(),
                again.trail(Instant.now(), 7).stream().map(TrailEvent::id).toList());
        assertEquals(3, events.getLast().recipients().size());
        assertTrue(events.getFirst().detail().contains("alias staff@one.test"));
    }

    private RoutedEnvelope route(String... forwardPaths) throws ContractViolation {
        return new Router(names).route(Fixtures.envelope(mailId, "sender@one.test", forwardPaths)).decision();
    }
}
