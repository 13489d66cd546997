package org.postbus.images;

import java.io.IOException;
import java.nio.file.Path;

/** {@code postbus images}: builds the image of each service of a source tree that is built, and says its digest. */
public final class Images {

    private Images() {}

    /** What the command line asks for. */
    private record Options(Path root, Base base, Destination destination, String tag) {

        /** @throws IllegalArgumentException where a value makes no sense; the launcher knows the names */
        static Options parse(String[] arguments) {
            Path root = Path.of(arguments[0]);
            Options options = new Options(root, Base.parse("eclipse-temurin:25-jre"),
                    new Destination.Folder(root.resolve("images/target")), "latest");
            for (int n = 1; n < arguments.length; n += 2) {
                options = options.with(arguments[n], arguments[n + 1]);
            }
            return options;
        }

        private Options with(String name, String value) {
            return switch (name) {
                case "--base" -> new Options(root, Base.parse(value), destination, tag);
                case "--out" -> new Options(root, base, new Destination.Folder(Path.of(value)), tag);
                case "--push" -> new Options(root, base, new Destination.Registry(value), tag);
                case "--tag" -> new Options(root, base, destination, value);
                default -> throw new IllegalArgumentException("unknown option " + name);
            };
        }
    }

    /** @param arguments the root of the source tree, then options with their values */
    public static void main(String[] arguments) throws InterruptedException {
        try {
            Options options = Options.parse(arguments);
            Path cache = options.root().resolve("images/target/cache");
            for (String service : ServiceImage.SERVICES) {
                String digest = ServiceImage.of(options.root(), service)
                        .build(options.base(), options.destination(), options.tag(), cache, System.err::println);
                System.out.println("postbus/" + service + ":" + options.tag() + " " + digest);
            }
        } catch (IOException | IllegalArgumentException e) {
            System.err.println("postbus: " + e.getMessage());
            System.exit(1);
        }
    }
}
