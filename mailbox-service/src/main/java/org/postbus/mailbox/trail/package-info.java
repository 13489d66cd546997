/**
 * The trail: what happened to each mail, searchable, and live.
 *
 * <p>Nothing here is needed to deliver mail. The trail may lag, and a power cut may cost it the last moment; the event
 * log has it still.
 */
package org.postbus.mailbox.trail;
