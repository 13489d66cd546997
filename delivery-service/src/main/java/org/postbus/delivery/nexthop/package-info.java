/**
 * Where mail for a domain goes now, and under which TLS policy: {@link org.postbus.delivery.nexthop.NextHops#find} answers with a
 * {@link org.postbus.delivery.nexthop.NextHop}. Routes of the configuration come first, then the mail hosts of the domain.
 */
package org.postbus.delivery.nexthop;
