/** A maildrop's messages, for the admin API. */
package org.postbus.mailbox.message;
