/** How mailbox-service takes part in the event log: one producer, a poll loop for each topic, the trimming. */
package org.postbus.mailbox.eventlog;
