package org.postbus.mailbox.domain;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A domain whose mail is filed here. */
@Entity
@Table(name = "domain")
public class Domain extends PanacheEntityBase {

    /** In canonical form. */
    @Id
    public String name;

    /** The account that gets mail for the domain's postmaster; null until there is one. It may be yet to come. */
    public String postmaster;

    public long version;

    @Column(name = "created_at", updatable = false)
    public Instant createdAt = Instant.now();

    public static Optional<Domain> named(String name) {
        return findByIdOptional(name);
    }

    static List<Domain> after(String name, int limit) {
        return find("name > ?1 order by name", name).page(0, limit).list();
    }

    static List<Domain> withPostmaster(String address) {
        return list("postmaster = ?1 order by name", address);
    }
}
