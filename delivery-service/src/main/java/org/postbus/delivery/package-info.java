/**
 * delivery-service: decides where accepted mail goes and tells the reverse-path what could not be delivered.
 *
 * <p>{@code mail.accepted} is applied by {@link org.postbus.delivery.routing.AcceptedHandler}, {@code mail.failed} by
 * {@link org.postbus.delivery.dsn.FailedHandler}; {@link org.postbus.delivery.DeliveryService} starts and stops both.
 */
package org.postbus.delivery;
