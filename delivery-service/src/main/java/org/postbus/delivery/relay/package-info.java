/**
 * Relays queued mail: who is tried when, over which connection, and what follows from the answers. A destination is served by
 * sessions, each a virtual thread with a connection of its own; what came of an attempt is recorded by one thread for all.
 */
package org.postbus.delivery.relay;
