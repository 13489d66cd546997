package org.postbus.systemtest.faults.mutation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Sources compiled in memory, as the build compiles them, against what a service runs on. */
final class Recompiled {

    private static final List<String> AS_THE_BUILD =
            List.of("--release", "25", "-g", "-parameters", "-proc:none", "-implicit:none", "-nowarn");

    private Recompiled() {}

    /**
     * Class files by the classes' names, {@code org/postbus/...}, those of inner classes too.
     *
     * @param sources by file
     * @throws IllegalStateException they do not compile
     */
    static Map<String, byte[]> classes(String service, Map<String, String> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new IllegalStateException("a mutation needs a JDK, and this Java has no compiler");
        }
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        List<String> options = Stream.concat(AS_THE_BUILD.stream(), Stream.of("-classpath", classPath(service))).toList();
        List<Source> files = sources.entrySet().stream().map(source -> new Source(source.getKey(), source.getValue())).toList();
        try (Output output = new Output(compiler.getStandardFileManager(diagnostics, null, null))) {
            if (!compiler.getTask(null, output, diagnostics, options, null, files).call()) {
                throw new IllegalStateException("does not compile: " + diagnostics.getDiagnostics());
            }
            return output.classes();
        }
    }

    /** Where the classes of a service are loaded from; what Quarkus made of some of them comes first. */
    static List<Path> jars(String service) throws IOException {
        Path application = Mutation.root().resolve(service + "/target/quarkus-app");
        try (Stream<Path> files = Files.walk(application)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted((one, other) -> Boolean.compare(isMade(other), isMade(one))).toList();
        }
    }

    private static boolean isMade(Path jar) {
        return jar.getParent().endsWith("quarkus");
    }

    private static String classPath(String service) throws IOException {
        return jars(service).stream().filter(jar -> !isMade(jar)).map(Path::toString)
                .collect(Collectors.joining(java.io.File.pathSeparator));
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String file, String text) {
            super(URI.create("string:///" + file), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class ClassFile extends SimpleJavaFileObject {

        private final ByteArrayOutputStream octets = new ByteArrayOutputStream();

        ClassFile(String name) {
            super(URI.create("memory:///" + name + Kind.CLASS.extension), Kind.CLASS);
        }

        @Override
        public OutputStream openOutputStream() {
            return octets;
        }
    }

    private static final class Output extends ForwardingJavaFileManager<JavaFileManager> {

        private final Map<String, ClassFile> files = new TreeMap<>();

        Output(JavaFileManager manager) {
            super(manager);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            return files.computeIfAbsent(className.replace('.', '/'), ClassFile::new);
        }

        Map<String, byte[]> classes() {
            Map<String, byte[]> classes = new TreeMap<>();
            files.forEach((name, file) -> classes.put(name, file.octets.toByteArray()));
            return classes;
        }
    }
}
