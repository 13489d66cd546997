/**
 * The outbound queue in PostgreSQL: mail for recipients elsewhere, its claims, and what its attempts came to. Any number of
 * instances share it; who tries what, and how, is the matter of {@code relay}.
 */
package org.postbus.delivery.queue;
