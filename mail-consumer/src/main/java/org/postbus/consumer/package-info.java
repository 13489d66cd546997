/**
 * How a service takes part in the event log: exactly one effect for each record, whatever crashes.
 *
 * <p>A {@link org.postbus.consumer.PollLoop} applies the records of one topic in batches. Each batch is one
 * PostgreSQL transaction whose first statements move the stored {@link org.postbus.consumer.Positions position}
 * from where this instance believes it to be; if another instance moved it meanwhile, nothing of the batch happens.
 * Kafka's own committed offsets are written for tools to look at and never read back.
 *
 * <p>Threads: a poll loop has one thread, which owns its Kafka consumer and runs the handler. Everything public
 * here may be called from any thread.
 */
package org.postbus.consumer;
