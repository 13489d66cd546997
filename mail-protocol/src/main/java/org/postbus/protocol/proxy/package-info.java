/** The header by which a proxy tells for whom it connects (HAProxy's PROXY protocol, versions 1 and 2). */
package org.postbus.protocol.proxy;
