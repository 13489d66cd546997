/**
 * What others think of a mail before it is accepted: a content filter sees its octets and says what shall become of it.
 * {@link org.postbus.smtpgateway.filter.RspamdFilter} asks over HTTP, {@link org.postbus.smtpgateway.filter.MilterFilter} speaks
 * the protocol of sendmail's mail filters, version 6.
 */
package org.postbus.smtpgateway.filter;
