package org.postbus.events.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.postbus.events.directory.Resolution.Leaf;

class ResolverTest {

    private static final UUID ALICE = new UUID(7, 1);
    private static final UUID BOB = new UUID(7, 2);

    private final DirectoryTable table = new DirectoryTable();
    private final Resolver resolver = new Resolver(table);
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
        assertEquals(List.of(new Leaf.Remote("x@elsewhere.test")), resolve("out@demo.test"));
        assertEquals(List.of(new Leaf.Disabled("off@demo.test")), resolve("off@demo.test"));
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
