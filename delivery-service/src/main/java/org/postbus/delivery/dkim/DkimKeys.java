package org.postbus.delivery.dkim;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.postbus.delivery.DeliveryConfig;
import org.postbus.events.MailIds;
import org.postbus.rest.Page;
import org.postbus.rest.PageRequest;
import org.postbus.rest.ProblemException;
import org.postbus.rest.ProblemType;
import org.postbus.rest.Uuids;

/**
 * The keys that mail is signed with, in PostgreSQL, sealed by the first secret of {@code delivery.secret-file}. Without that file no key
 * can be made and nothing is signed; what cannot be read of it ends the start. Safe for all threads; every method but
 * {@link #signing} asks the database.
 */
@Startup
@ApplicationScoped
public class DkimKeys {

    private static final Logger LOG = Logger.getLogger(DkimKeys.class);
    private static final int NAMES_TOLD = 100;

    private javax.sql.DataSource dataSource;
    private Optional<KeyCipher> cipher;
    private InstantSource clock;
    private ActiveKeys active;

    /** For the client proxy. */
    DkimKeys() {
    }

    @Inject
    public DkimKeys(@DataSource("delivery") AgroalDataSource dataSource, DeliveryConfig config) {
        this(dataSource, config.secretFile().map(KeyCipher::of), InstantSource.system(), System::nanoTime);
    }

    DkimKeys(javax.sql.DataSource dataSource, Optional<KeyCipher> cipher, InstantSource clock, LongSupplier nanoTime) {
        this.dataSource = dataSource;
        this.cipher = cipher;
        this.clock = clock;
        this.active = new ActiveKeys(this::read, nanoTime);
    }

    /**
     * The keys that sign a mail: those of the domain of its only From address, at most one of each algorithm, RSA first. What another
     * instance changed is known after ten seconds.
     *
     * @param headerSection the first octets of the mail, the whole header section among them
     * @return empty if the domain has none, From has not exactly one address, or there is no secret
     * @throws SQLException the database does not answer
     */
    public List<DkimKey> signing(byte[] headerSection) throws SQLException {
        Optional<String> domain = cipher.flatMap(there -> AuthorDomain.of(headerSection));
        return domain.isPresent() ? active.of(domain.get()) : List.of();
    }

    /**
     * Makes a key. Until it is activated, its record can be published and nothing is signed with it.
     *
     * @param domain   A-labels or U-labels
     * @param selector a made one if empty
     * @param active   whether to activate it at once
     * @throws ProblemException INVALID; ALREADY_EXISTS, if the domain has a key with this selector; UNAVAILABLE without a secret
     */
    public DkimKeyView generate(String domain, DkimAlgorithm algorithm, Optional<String> selector, boolean active)
            throws SQLException {
        KeyCipher sealing = cipher.orElseThrow(() -> ProblemType.UNAVAILABLE.because(
                KeyCipher.SETTING + " is not set: without a secret no key can be kept"));
        Instant now = now();
        String name = KeyNames.domain(domain).orElseThrow(() -> ProblemType.INVALID.because("this is not a domain name"));
        String label = KeyNames.selector(selector.orElseGet(() -> KeyNames.freshSelector(algorithm, now)), name);
        try {
            KeyPair pair = algorithm.generate();
            StoredKey key = new StoredKey(MailIds.mint(), name, label, algorithm, pair.getPublic().getEncoded(), KeyState.PENDING, now,
                    Optional.empty(), Optional.empty());
            return store(key, sealing.seal(pair.getPrivate().getEncoded(), name, label), active);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }

    /** @throws ProblemException NOT_FOUND */
    public DkimKeyView get(UUID id) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return DkimKeyView.of(existing(new KeyTable(connection), id));
        }
    }

    /**
     * The keys, the oldest first.
     *
     * @param domain only its keys; one that is no domain has none
     */
    public Page<DkimKeyView> list(PageRequest request, Optional<String> domain) throws SQLException {
        Optional<String> only = domain.map(text -> KeyNames.domain(text).orElse(""));
        try (Connection connection = dataSource.getConnection()) {
            List<StoredKey> rows = new KeyTable(connection).list(request.after().map(Uuids::cursor), only, request.limit() + 1);
            return Page.of(rows, request, key -> key.id().toString(), DkimKeyView::of);
        }
    }

    /**
     * Signs with this key from now on, and no more with the one of its domain and algorithm that was active. Whether its record is
     * published is not asked. A retired key can be activated again.
     *
     * @throws ProblemException NOT_FOUND
     */
    public DkimKeyView activate(UUID id) throws SQLException {
        String domain = get(id).domain();
        return change(domain, table -> {
            table.activate(existing(table, id), now());
            return DkimKeyView.of(existing(table, id));
        });
    }

    /**
     * Forgets a key in any state; with an active one nothing is signed any more.
     *
     * @throws ProblemException NOT_FOUND
     */
    public void delete(UUID id) throws SQLException {
        String domain = get(id).domain();
        change(domain, table -> table.delete(id).orElseThrow(() -> unknown(id)));
    }

    /**
     * Seals under the first secret what is sealed under a later one; to be called at the start, with the schema migrated. Where there is
     * one secret it does nothing.
     */
    public void sealAnew() throws SQLException {
        if (cipher.isEmpty() || !cipher.get().isRotating()) {
            return;
        }
        Resealing.Result result = new Resealing(dataSource, cipher.get()).run();
        LOG.infof("%d keys were sealed anew under the first secret of %s", result.anew(), KeyCipher.SETTING);
        if (!result.unopened().isEmpty()) {
            LOG.errorf("%d keys open under no secret of %s and are left as they are: %s", result.unopened().size(), KeyCipher.SETTING,
                    result.unopened().stream().limit(NAMES_TOLD).toList());
        }
    }

    /** What one transaction does. */
    @FunctionalInterface
    private interface Work<T> {
        T apply(KeyTable table) throws SQLException;
    }

    private DkimKeyView store(StoredKey key, KeyCipher.Sealed sealed, boolean active) throws SQLException {
        return change(key.domain(), table -> {
            if (!table.insert(key, sealed)) {
                throw ProblemType.ALREADY_EXISTS.because("the domain has a key with the selector " + key.selector());
            }
            if (active) {
                table.activate(key, key.createdAt());
            }
            return DkimKeyView.of(existing(table, key.id()));
        });
    }

    /** One change of a domain at a time, and what was read before is forgotten. */
    private <T> T change(String domain, Work<T> work) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            boolean committed = false;
            try {
                KeyTable table = new KeyTable(connection);
                table.lock(domain);
                T done = work.apply(table);
                connection.commit();
                committed = true;
                return done;
            } finally {
                if (!committed) {
                    rollBack(connection);
                }
            }
        } finally {
            active.forget(domain);
        }
    }

    /** What failed before is what matters; a connection that cannot roll back has lost its transaction anyway. */
    private static void rollBack(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            LOG.debug("the connection was lost with its transaction", e);
        }
    }

    private List<DkimKey> read(String domain) throws SQLException {
        List<DkimKey> keys = new ArrayList<>();
        try (Connection connection = dataSource.getConnection()) {
            for (KeyTable.SealedKey key : new KeyTable(connection).active(domain)) {
                opened(domain, key).ifPresent(keys::add);
            }
        }
        return keys;
    }

    /** A key that does not open is told of and signs nothing: mail must not wait for a secret that may never be found again. */
    private Optional<DkimKey> opened(String domain, KeyTable.SealedKey key) {
        try {
            byte[] encoded = cipher.orElseThrow().open(key.sealed(), domain, key.selector());
            return Optional.of(new DkimKey(domain, key.selector(), key.algorithm(), key.algorithm().privateKey(encoded)));
        } catch (GeneralSecurityException e) {
            LOG.errorf("the key %s does not open, mail goes without its signature: is %s the file that it was made under?",
                    DnsRecord.name(key.selector(), domain), KeyCipher.SETTING);
            return Optional.empty();
        }
    }

    /** As PostgreSQL keeps it. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static StoredKey existing(KeyTable table, UUID id) throws SQLException {
        return table.find(id).orElseThrow(() -> unknown(id));
    }

    private static ProblemException unknown(UUID id) {
        return ProblemType.NOT_FOUND.because("there is no key " + id);
    }
}
