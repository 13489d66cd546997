package org.postbus.protocol.transcript;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The transcript files on the class path, be they in a folder or in this module's test jar. */
public final class Transcripts {

    private static final String ROOT = "transcripts";

    private Transcripts() {}

    /**
     * Every transcript below a folder, in the order of their names.
     *
     * @param folder below {@code transcripts/}, for example {@code smtp} or {@code pop3/classroom}
     * @throws IllegalArgumentException where there is no such folder
     */
    public static List<Transcript> under(String folder) {
        URL url = Transcripts.class.getClassLoader().getResource(ROOT + "/" + folder);
        if (url == null) {
            throw new IllegalArgumentException("no folder " + ROOT + "/" + folder);
        }
        try {
            URI uri = url.toURI();
            if (!uri.getScheme().equals("jar")) {
                return read(Path.of(uri), folder);
            }
            // A file system of its own, so that closing it disturbs nobody else who reads the jar.
            Path jar = Path.of(URI.create(uri.getSchemeSpecificPart().replaceFirst("!/.*$", "")));
            try (FileSystem files = FileSystems.newFileSystem(jar, Map.of())) {
                return read(files.getPath(ROOT, folder), folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static List<Transcript> read(Path root, String folder) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(path -> path.toString().endsWith(".txt"))
                    .sorted()
                    .map(path -> parse(path, folder + "/" + root.relativize(path)))
                    .toList();
        }
    }

    private static Transcript parse(Path path, String name) {
        try {
            return TranscriptParser.parse(name.substring(0, name.length() - ".txt".length()),
                    Files.readString(path, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
