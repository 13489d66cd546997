/**
 * The services as container images. {@link org.postbus.images.ServiceImage} says what is in one, {@link org.postbus.images.Base}
 * on what it stands, {@link org.postbus.images.Destination} where it goes; {@link org.postbus.images.Images} is the command.
 */
package org.postbus.images;
