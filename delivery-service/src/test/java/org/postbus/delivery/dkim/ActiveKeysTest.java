package org.postbus.delivery.dkim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ActiveKeysTest {

    private final List<String> asked = new ArrayList<>();
    private final DkimKey key = Keys.of("a.test", "s", DkimAlgorithm.ED25519_SHA256).key();
    private long now;
    private boolean away;
    private final ActiveKeys keys = new ActiveKeys(this::read, () -> now);

    @Test
    void areReadAgainAfterTenSeconds() throws SQLException {
        for (String domain : List.of("a.test", "none.test")) {
            List<DkimKey> expected = domain.equals("a.test") ? List.of(key) : List.of();
            assertEquals(expected, keys.of(domain));
            now += ActiveKeys.KEPT.toNanos() - 1;
            assertEquals(expected, keys.of(domain));
            assertEquals(List.of(domain), asked);
            now++;
            assertEquals(expected, keys.of(domain));
            assertEquals(List.of(domain, domain), asked);
            asked.clear();
        }
    }

    @Test
    void areReadAgainAfterAChange() throws SQLException {
        keys.of("a.test");
        keys.of("b.test");
        keys.forget("a.test");
        keys.of("a.test");
        keys.of("b.test");
        assertEquals(List.of("a.test", "b.test", "a.test"), asked);
    }

    @Test
    void areAskedForAgainAfterAFailure() throws SQLException {
        away = true;
        assertThrows(SQLException.class, () -> keys.of("a.test"));
        away = false;
        assertEquals(List.of(key), keys.of("a.test"));
    }

    @Test
    void areBounded() throws SQLException {
        keys.of("first.test");
        keys.of("a.test");
        for (int i = 1; i < ActiveKeys.AT_MOST; i++) {
            keys.of("a.test");
            keys.of(i + ".test");
        }
        asked.clear();
        keys.of("a.test");
        keys.of("first.test");
        assertEquals(List.of("first.test"), asked);
    }

    private List<DkimKey> read(String domain) throws SQLException {
        if (away) {
            throw new SQLException("away");
        }
        asked.add(domain);
        return domain.equals("a.test") ? List.of(key) : List.of();
    }
}
