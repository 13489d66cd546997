package org.postbus.systemtest.faults.mutation;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** A Java agent, which is in the process of a service and gives it other class files than those it is packaged with. */
public final class ReplacedClasses implements ClassFileTransformer {

    private static final String FOLDER = "replaced/";
    private static final String SUFFIX = ".class";

    private final Map<String, byte[]> classes;

    private ReplacedClasses(Map<String, byte[]> classes) {
        this.classes = classes;
    }

    /** @param jar the agent's own */
    public static void premain(String jar, Instrumentation instrumentation) throws IOException {
        Map<String, byte[]> classes = new HashMap<>();
        try (JarFile file = new JarFile(jar)) {
            for (Enumeration<JarEntry> entries = file.entries(); entries.hasMoreElements();) {
                JarEntry entry = entries.nextElement();
                if (entry.getName().startsWith(FOLDER)) {
                    String name = entry.getName().substring(FOLDER.length(), entry.getName().length() - SUFFIX.length());
                    classes.put(name, file.getInputStream(entry).readAllBytes());
                }
            }
        }
        instrumentation.addTransformer(new ReplacedClasses(classes));
    }

    @Override
    public byte[] transform(ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] octets) {
        byte[] other = classes.get(name);
        if (other != null) {
            System.err.println("replaced " + name);
        }
        return other;
    }

    /** Writes the agent's jar; returns the option for java. */
    static String agent(Path jar, Map<String, byte[]> classes) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(new Attributes.Name("Premain-Class"), ReplacedClasses.class.getName());
        String own = ReplacedClasses.class.getName().replace('.', '/') + SUFFIX;
        try (OutputStream file = Files.newOutputStream(jar); JarOutputStream out = new JarOutputStream(file, manifest);
                InputStream agent = ReplacedClasses.class.getClassLoader().getResourceAsStream(own)) {
            write(out, own, agent.readAllBytes());
            for (var entry : classes.entrySet()) {
                write(out, FOLDER + entry.getKey() + SUFFIX, entry.getValue());
            }
        }
        return "-javaagent:" + jar + "=" + jar;
    }

    private static void write(JarOutputStream out, String name, byte[] octets) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(octets);
        out.closeEntry();
    }
}
