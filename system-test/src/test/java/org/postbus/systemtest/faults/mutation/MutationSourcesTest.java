package org.postbus.systemtest.faults.mutation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.postbus.systemtest.faults.mutation.Mutation.Change;

/** Each mutation still says what it says: a change of the code that it is about must not disarm it. */
class MutationSourcesTest {

    private static final List<Mutation> ALL = Mutations.ALL;

    @ParameterizedTest
    @FieldSource("ALL")
    void a_mutation_fits_the_sources_and_changes_a_class(Mutation mutation) throws Exception {
        Map<String, byte[]> changed = Recompiled.classes(mutation.kind().service(), mutation.changedSources());
        for (var source : mutation.sources().entrySet()) {
            Map<String, byte[]> plain = Recompiled.classes(mutation.kind().service(), Map.of(source.getKey(), source.getValue()));
            assertFalse(plain.entrySet().stream().allMatch(file -> Arrays.equals(file.getValue(), changed.get(file.getKey()))),
                    source.getKey() + " is no other");
        }
    }

    /** So that what a mutation shows is its own and not the compiler's, or what the build did to the class since. */
    @ParameterizedTest
    @FieldSource("ALL")
    void without_its_change_the_service_gets_what_it_has(Mutation mutation) throws Exception {
        String service = mutation.kind().service();
        for (var file : Recompiled.classes(service, mutation.sources()).entrySet()) {
            assertArrayEquals(packaged(service, file.getKey()), file.getValue(), file.getKey());
        }
    }

    @Test
    void a_text_that_is_gone_or_not_alone_is_refused() {
        Change change = new Change("File.java", "one();", "two();");
        assertEquals("two();", change.apply("one();"));
        assertThrows(IllegalStateException.class, () -> change.apply("another();"));
        assertThrows(IllegalStateException.class, () -> change.apply("one(); one();"));
    }

    private static byte[] packaged(String service, String name) throws IOException {
        for (Path path : Recompiled.jars(service)) {
            try (JarFile jar = new JarFile(path.toFile())) {
                ZipEntry entry = jar.getEntry(name + ".class");
                if (entry != null) {
                    return jar.getInputStream(entry).readAllBytes();
                }
            }
        }
        throw new AssertionError(name + " is in no jar of " + service);
    }
}
