package org.postbus.mailbox.alias;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** An address whose mail goes to other addresses. */
@Entity
@Table(name = "alias")
public class Alias extends PanacheEntityBase {

    /** In canonical form; {@code @domain} is the domain's catch-all. */
    @Id
    public String address;

    @Column(updatable = false)
    public String domain;

    /** At least one: in canonical form where the domain is local, else in its own spelling. */
    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(columnDefinition = "text[]")
    public List<String> targets;

    public long version;

    @Column(name = "created_at", updatable = false)
    public Instant createdAt = Instant.now();

    /** The alias at exactly this canonical address. */
    public static Optional<Alias> at(String address) {
        return findByIdOptional(address);
    }

    public static long countIn(String domain) {
        return count("domain", domain);
    }

    /** Aliases, of any domain, that lead to an address of this one. */
    public static long countLeadingTo(String domain) {
        return ((Number) getEntityManager().createNativeQuery("""
                select count(*) from alias where exists (
                  select 1 from unnest(targets) as target where split_part(target, '@', -1) = ?1)""")
                .setParameter(1, domain).getSingleResult()).longValue();
    }

    static List<Alias> after(String address, Optional<String> domain, int limit) {
        return domain.map(name -> Alias.<Alias>find("address > ?1 and domain = ?2 order by address", address, name))
                .orElseGet(() -> find("address > ?1 order by address", address))
                .page(0, limit).list();
    }
}
