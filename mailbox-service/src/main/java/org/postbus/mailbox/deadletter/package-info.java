/** Records that no service could apply: listed, looked at, and brought back where their cause is gone. */
package org.postbus.mailbox.deadletter;
