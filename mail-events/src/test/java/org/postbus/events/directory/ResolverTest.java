package org.postbus.events.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.postbus.events.directory.Resolution.Leaf;
import org.postbus.protocol.address.Mailbox;

class ResolverTest {

    private static final UUID ALICE = new UUID(7, 1);
    private static final UUID BOB = new UUID(7, 2);

    private static final Srs SRS = new Srs(List.of("0123456789abcdef0123456789abcdef"), Instant::now);

    private final DirectoryTable table = new DirectoryTable();
    private final Resolver resolver = new Resolver(table, Optional.of(SRS));
    private long version;

    ResolverTest() {
        domain("demo.test", "alice@demo.test");
        domain("empty.test", null);
        account("alice@demo.test", ALICE, true);
        account("bob@demo.test", BOB, true);
        account("off@demo.test", new UUID(7, 3), false);
        alias("sales@demo.test", "alice@demo.test", "bob@demo.test");
        alias("all@demo.test", "sales@demo.test", "bob@demo.test");
        alias("ping@demo.test", "pong@demo.test");
        alias("pong@demo.test", "ping@demo.test");
        alias("half@demo.test", "alice@demo.test", "gone@demo.test");
        alias("out@demo.test", "x@elsewhere.test");
    }

    @Test
    void an_account_is_its_own_end() {
        assertEquals(List.of(new Leaf.Maildrop("alice@demo.test", ALICE)), resolve("alice@demo.test"));
    }

    @Test
    void chains_of_aliases_are_followed_and_each_maildrop_comes_once() {
        assertEquals(List.of(new Leaf.Maildrop("alice@demo.test", ALICE), new Leaf.Maildrop("bob@demo.test", BOB)),
                resolve("all@demo.test"));
    }

    @Test
    void a_tag_is_dropped_only_where_the_whole_address_is_unknown() {
        assertEquals(List.of(new Leaf.Maildrop("alice@demo.test", ALICE)), resolve("alice+news@demo.test"));
        alias("alice+news@demo.test", "bob@demo.test");
        assertEquals(List.of(new Leaf.Maildrop("bob@demo.test", BOB)), resolve("alice+news@demo.test"));
        assertEquals(List.of(new Leaf.Unknown("+x@demo.test")), resolve("+x@demo.test"));
    }

    @Test
    void the_catch_all_comes_last() {
        assertEquals(List.of(new Leaf.Unknown("nobody@demo.test")), resolve("nobody@demo.test"));
        alias("@demo.test", "bob@demo.test");
        assertEquals(List.of(new Leaf.Maildrop("bob@demo.test", BOB)), resolve("nobody@demo.test"));
        assertEquals(List.of(new Leaf.Maildrop("alice@demo.test", ALICE)), resolve("postmaster@demo.test"));
    }

    @Test
    void the_postmaster_needs_no_account_of_that_name() {
        assertEquals(List.of(new Leaf.Maildrop("alice@demo.test", ALICE)), resolve("postmaster"));
        assertEquals(List.of(new Leaf.NoPostmaster("postmaster@empty.test")), resolve("postmaster@empty.test"));
    }

    @Test
    void cycles_end() {
        assertEquals(List.of(new Leaf.Loop("ping@demo.test")), resolve("ping@demo.test"));
        assertFalse(resolver.resolve("ping@demo.test").deliverable());
    }

    @Test
    void a_chain_that_is_too_long_ends() {
        IntStream.range(0, 100).forEach(n -> alias("c" + n + "@demo.test", "c" + (n + 1) + "@demo.test"));
        assertTrue(resolve("c0@demo.test").getFirst() instanceof Leaf.Loop);
    }

    @Test
    void every_end_is_told() {
        assertEquals(List.of(new Leaf.Maildrop("alice@demo.test", ALICE), new Leaf.Unknown("gone@demo.test")), resolve("half@demo.test"));
        assertEquals(List.of(new Leaf.Disabled("off@demo.test")), resolve("off@demo.test"));
    }

    @Test
    void what_the_client_names_elsewhere_is_remote_and_keeps_its_spelling() {
        assertEquals(List.of(new Leaf.Remote("x@elsewhere.test")), resolve("x@elsewhere.test"));
        assertEquals(List.of(new Leaf.Remote("X.y@xn--bcher-kva.test")), named("X.y@B\u00fccher.test"));
        assertEquals(List.of(new Leaf.Remote("\"A b\"@elsewhere.test")), named("\"A b\"@elsewhere.test"));
        assertFalse(resolver.resolve("x@elsewhere.test").deliverable());
    }

    @Test
    void what_leads_elsewhere_is_forwarded_by_the_last_address_of_ours() {
        assertEquals(List.of(new Leaf.Forwarded("x@elsewhere.test", "out@demo.test")), resolve("out@demo.test"));
        alias("via@empty.test", "out@demo.test", "out+tag@demo.test");
        assertEquals(List.of(new Leaf.Forwarded("x@elsewhere.test", "out@demo.test")), resolve("via@empty.test"));
        alias("@empty.test", "x@elsewhere.test");
        assertEquals(List.of(new Leaf.Forwarded("x@elsewhere.test", "any.body@empty.test")), resolve("any.body@empty.test"));
        assertEquals(List.of(new Leaf.Forwarded("x@elsewhere.test", "out+tag@demo.test")), named("Out+tag@demo.test"));
        assertTrue(resolver.resolve("out@demo.test").deliverable());
        assertTrue(resolver.resolve("out@demo.test").steps().contains(
                "x@elsewhere.test: relayed to domain elsewhere.test, forwarded by out@demo.test"));
    }

    @Test
    void a_target_elsewhere_keeps_its_spelling_until_its_domain_is_ours() {
        alias("ticket@demo.test", "Token-AbC@late.test");
        assertEquals(List.of(new Leaf.Forwarded("Token-AbC@late.test", "ticket@demo.test")), resolve("ticket@demo.test"));
        domain("late.test", null);
        assertEquals(List.of(new Leaf.Unknown("token-abc@late.test")), resolve("ticket@demo.test"));
        alias("token-abc@late.test", "ticket@demo.test");
        assertTrue(resolve("ticket@demo.test").getFirst() instanceof Leaf.Loop);
        account("token-abc@late.test", BOB, true);
        assertEquals(List.of(new Leaf.Maildrop("token-abc@late.test", BOB)), resolve("ticket@demo.test"));
    }

    @Test
    void a_rewritten_reverse_path_leads_back() {
        String rewritten = rewritten("Ann@elsewhere.test");
        assertEquals(List.of(new Leaf.Forwarded("Ann@elsewhere.test", rewritten.toLowerCase())), named(rewritten));
        String folded = rewritten.toLowerCase();
        assertEquals(List.of(new Leaf.Forwarded("ann@elsewhere.test", folded)), named(folded));
    }

    @Test
    void a_rewritten_reverse_path_that_is_not_ours_is_unknown_even_where_a_catch_all_takes_the_rest() {
        alias("@demo.test", "bob@demo.test");
        String forged = "SRS0=AAAAAAAA=AA=elsewhere.test=ann@demo.test";
        assertEquals(List.of(new Leaf.Unknown(forged.toLowerCase())), named(forged));
        assertEquals(List.of(new Leaf.Unknown("srs1=@demo.test")), named("srs1=@demo.test"));
        assertEquals(List.of(new Leaf.Maildrop("bob@demo.test", BOB)), named("SRS0@demo.test"));
        assertEquals(List.of(new Leaf.Maildrop("bob@demo.test", BOB)), new Resolver(table).resolve(Mailbox.parse(forged)).leaves());
        assertEquals(List.of(new Leaf.Remote("SRS0=x@elsewhere.test")), named("SRS0=x@elsewhere.test"));
    }

    @Test
    void what_leads_back_into_a_domain_of_ours_goes_on_there() {
        assertEquals(List.of(new Leaf.Maildrop("alice@demo.test", ALICE)), named(rewritten("Alice@demo.test")));
        // Forwarded twice, by us and by another who sends it back to us.
        String once = rewritten("b@far.test");
        assertEquals(List.of(new Leaf.Forwarded("b@far.test", once.toLowerCase())), named(rewritten(once)));
        assertEquals(List.of(new Leaf.Unknown("gone@demo.test")), named(rewritten("gone@demo.test")));
    }

    private static String rewritten(String reversePath) {
        return SRS.rewrite(Mailbox.parse(reversePath), "demo.test").toString();
    }

    private List<Leaf> named(String address) {
        return resolver.resolve(Mailbox.parse(address)).leaves();
    }

    @Test
    void an_older_version_changes_nothing_and_a_deletion_is_followed_by_a_new_account() {
        String key = DirectoryChange.addressKey("alice@demo.test");
        table.apply(new DirectoryChange.Put(key, new DirectoryEntry.Account("alice@demo.test", 1, BOB, true)));
        assertEquals(ALICE, ((DirectoryEntry.Account) table.address("alice@demo.test").orElseThrow()).accountId());
        table.apply(new DirectoryChange.Deleted(key, ++version));
        assertEquals(Optional.empty(), table.address("alice@demo.test"));
        account("alice@demo.test", BOB, true);
        assertEquals(List.of(new Leaf.Maildrop("alice@demo.test", BOB)), resolve("alice@demo.test"));
    }

    private List<Leaf> resolve(String address) {
        return resolver.resolve(address).leaves();
    }

    private void domain(String name, String postmaster) {
        put(new DirectoryEntry.Domain(name, ++version, Optional.ofNullable(postmaster)));
    }

    private void account(String address, UUID id, boolean enabled) {
        put(new DirectoryEntry.Account(address, ++version, id, enabled));
    }

    private void alias(String address, String... targets) {
        put(new DirectoryEntry.Alias(address, ++version, List.of(targets)));
    }

    private void put(DirectoryEntry entry) {
        table.apply(new DirectoryChange.Put(DirectoryChange.key(entry), entry));
    }
}
