package org.postbus.images;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import java.nio.file.Path;
import java.util.Set;

/** Where images go. */
public sealed interface Destination {

    /** Each becomes a file {@code SERVICE.tar}, which {@code docker load} reads. */
    record Folder(Path folder) implements Destination { }

    /** @param prefix before the name, such as {@code registry.example.org/team}; one on this machine needs no certificate that is trusted */
    record Registry(String prefix) implements Destination { }

    /** The place of one image: its name is {@code postbus/SERVICE:TAG}. */
    default Containerizer place(String service, String tag) {
        return switch (this) {
            case Folder(Path folder) -> Containerizer.to(TarImage.at(folder.resolve(service + ".tar"))
                    .named(reference("postbus/" + service + ":" + tag)));
            case Registry(String prefix) -> push(reference(prefix + "/postbus/" + service + ":" + tag));
        };
    }

    private static Containerizer push(ImageReference image) {
        return Containerizer.to(RegistryImage.named(image).addCredentialRetriever(Credentials.of(image)))
                .setAllowInsecureRegistries(isHere(image.getRegistry()));
    }

    private static boolean isHere(String registry) {
        return Set.of("localhost", "127.0.0.1").contains(registry.replaceFirst(":[0-9]+$", ""));
    }

    private static ImageReference reference(String text) {
        try {
            return ImageReference.parse(text);
        } catch (InvalidImageReferenceException e) {
            throw new IllegalArgumentException("no name of an image: " + text, e);
        }
    }
}
