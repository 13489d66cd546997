/**
 * What delivery-service asks the DNS. {@link org.postbus.delivery.dns.Dns} blocks, caches and never throws: a failure is an answer
 * too, since it defers mail and must never return it.
 */
package org.postbus.delivery.dns;
