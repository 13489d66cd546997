/**
 * SMTP sessions become mail on the event log: {@link org.postbus.smtpgateway.SmtpSession} drives one protocol engine
 * for one connection, {@link org.postbus.smtpgateway.MailIntake} decides what may come in, and
 * {@link org.postbus.smtpgateway.IncomingMail} takes one mail's data to Kafka.
 */
package org.postbus.smtpgateway;
