/** Plain JDBC for the paths that are hot or stream: transactions and array parameters, nothing more. */
package org.postbus.mailbox.database;
