package org.postbus.rest;

import java.util.regex.Pattern;

/**
 * A route whose body has {@linkplain AnySize any size}: {@link BodyLimit} knows it before the request is matched to its operation.
 * The service that has the route produces it as a bean.
 *
 * @param path of the whole path
 */
public record StreamedRoute(String method, Pattern path) {

    boolean is(String method, String path) {
        return this.method.equals(method) && this.path.matcher(path).matches();
    }
}
