package org.postbus.images;

import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import java.nio.file.Path;

/** What an image stands on: it brings the JRE, {@code java} on its PATH. */
public sealed interface Base {

    /** An image of a registry, by name with tag or digest. */
    record OfRegistry(ImageReference image) implements Base { }

    /** What {@code docker save} writes. */
    record OfTar(Path tar) implements Base { }

    /** Nothing: for tests, and for who adds a JRE himself. */
    record Scratch() implements Base { }

    /**
     * @param text {@code scratch}, a file name that ends with {@code .tar}, or the name of an image
     * @throws IllegalArgumentException where it is none of these
     */
    static Base parse(String text) {
        if (text.equals("scratch")) {
            return new Scratch();
        }
        if (text.endsWith(".tar")) {
            return new OfTar(Path.of(text));
        }
        try {
            return new OfRegistry(ImageReference.parse(text));
        } catch (InvalidImageReferenceException e) {
            throw new IllegalArgumentException("no image: " + text, e);
        }
    }

    /** A builder that stands on it. */
    default JibContainerBuilder builder() {
        return switch (this) {
            case OfRegistry(ImageReference image) -> Jib.from(RegistryImage.named(image).addCredentialRetriever(Credentials.of(image)));
            case OfTar(Path tar) -> Jib.from(TarImage.at(tar));
            case Scratch() -> Jib.fromScratch();
        };
    }
}
