/**
 * What both gateways share, in plain Java: listeners with their limits and drain, connections with back-pressure,
 * the byte budget, the one producer of a gateway, and the client of mailbox-service's internal API.
 *
 * <p>Threads: everything of a session runs on the event loop of its connection and never blocks. Only
 * {@link org.postbus.gateway.EventSender} and {@link org.postbus.gateway.TopicWatch} own threads; their futures
 * complete on the context that asked.
 */
package org.postbus.gateway;
