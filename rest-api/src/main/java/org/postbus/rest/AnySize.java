package org.postbus.rest;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A request body that {@link BodyLimit} does not bound, since it is read as a stream and kept nowhere; with a {@link StreamedRoute}. */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface AnySize {
}
