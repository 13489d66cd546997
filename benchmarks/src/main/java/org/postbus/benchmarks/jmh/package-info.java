/** What one step costs by itself, measured with JMH: time and, with {@code -prof gc}, octets allocated. */
package org.postbus.benchmarks.jmh;
