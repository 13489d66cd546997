/** The servers elsewhere that mail is relayed to. */
package org.postbus.benchmarks.remote;
