package org.postbus.mailbox.account;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Someone who has a maildrop here. */
@Entity
@Table(name = "account")
public class Account extends PanacheEntityBase {

    @Id
    public UUID id;

    /** In canonical form. */
    @Column(updatable = false)
    public String address;

    @Column(updatable = false)
    public String domain;

    public boolean enabled = true;

    @Column(name = "password_hash")
    public String passwordHash;

    @Column(name = "credential_version")
    public long credentialVersion = 1;

    /** Null is unlimited. */
    @Column(name = "quota_bytes")
    public Long quotaBytes;

    /** Never written from here: filing and deletion keep the sums. */
    @Column(name = "used_bytes", insertable = false, updatable = false)
    public long usedBytes;

    @Column(name = "message_count", insertable = false, updatable = false)
    public long messageCount;

    public long version;

    @Column(name = "created_at", updatable = false)
    public Instant createdAt = Instant.now();

    /** The account at exactly this canonical address. */
    public static Optional<Account> at(String address) {
        return find("address", address).firstResultOptional();
    }

    public static long countIn(String domain) {
        return count("domain", domain);
    }

    static List<Account> after(String address, Optional<String> domain, int limit) {
        return domain.map(name -> Account.<Account>find("address > ?1 and domain = ?2 order by address", address, name))
                .orElseGet(() -> find("address > ?1 order by address", address))
                .page(0, limit).list();
    }
}
