package org.postbus.mailbox.database;

import java.sql.SQLException;

/** PostgreSQL did not do it: not there, too slow, or refused. To the API's clients: try later. */
public class DatabaseFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public DatabaseFailure(SQLException cause) {
        super(cause.getMessage(), cause);
    }
}
