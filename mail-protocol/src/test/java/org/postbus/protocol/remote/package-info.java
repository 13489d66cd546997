/** A remote mail server for tests, which speaks SMTP over real sockets and does what a script wants of it. */
package org.postbus.protocol.remote;
