package org.postbus.delivery.dkim;

import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Seals all keys under the first secret, so that the later ones can be taken out of the file. A key is one transaction, which changes
 * the row only if it is still as it was read: several instances may be at it, keys may be activated and deleted meanwhile, and what a
 * crash leaves is for the next start. A key opens before and after.
 */
final class Resealing {

    private static final int ROWS_AT_A_TIME = 1000;
    private static final UUID BEFORE_ALL = new UUID(0, 0);

    private final DataSource dataSource;
    private final KeyCipher cipher;
    private final int rowsAtATime;
    private final List<String> unopened = new ArrayList<>();
    private int anew;

    /**
     * What came of it.
     *
     * @param anew     keys that were under a later secret
     * @param unopened names of the records of keys that no secret opens; they are as they were
     */
    record Result(int anew, List<String> unopened) {
    }

    Resealing(DataSource dataSource, KeyCipher cipher) {
        this(dataSource, cipher, ROWS_AT_A_TIME);
    }

    Resealing(DataSource dataSource, KeyCipher cipher, int rowsAtATime) {
        this.dataSource = dataSource;
        this.cipher = cipher;
        this.rowsAtATime = rowsAtATime;
    }

    Result run() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            KeyTable table = new KeyTable(connection);
            List<KeyTable.SealedRow> rows = table.sealed(BEFORE_ALL, rowsAtATime);
            while (!rows.isEmpty()) {
                for (KeyTable.SealedRow row : rows) {
                    reseal(table, row);
                }
                rows = table.sealed(rows.getLast().id(), rowsAtATime);
            }
        }
        return new Result(anew, List.copyOf(unopened));
    }

    private void reseal(KeyTable table, KeyTable.SealedRow row) throws SQLException {
        try {
            Optional<KeyCipher.Sealed> sealed = cipher.anew(row.sealed(), row.domain(), row.selector());
            if (sealed.isPresent() && table.reseal(row, sealed.get())) {
                anew++;
            }
        } catch (GeneralSecurityException e) {
            unopened.add(DnsRecord.name(row.selector(), row.domain()));
        }
    }
}
