/** What goes by age: swept octets, markers and tombstones beyond the event log's memory, old trails and dead letters. */
package org.postbus.mailbox.retention;
