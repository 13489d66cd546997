package org.postbus.images;

import com.google.cloud.tools.jib.api.CredentialRetriever;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;

/** Logins of registries, as {@code docker login} and its like leave them in {@code ~/.docker/config.json}. */
final class Credentials {

    private Credentials() {}

    static CredentialRetriever of(ImageReference image) {
        return CredentialRetrieverFactory.forImage(image, event -> { }).dockerConfig();
    }
}
