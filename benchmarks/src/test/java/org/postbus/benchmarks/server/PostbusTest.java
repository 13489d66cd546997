package org.postbus.benchmarks.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.postbus.benchmarks.remote.Elsewhere;

class PostbusTest {

    @Test
    void theHeapInUseIsAllGenerationsWithoutMetaspace() {
        assertEquals((1399L + 40000) * 1024, Postbus.heap("""
                4242:
                 DefNew     total 78656K, used 1399K [0x00000000e0000000, 0x00000000e5550000, 0x00000000eaaa0000)
                  eden space 69952K,   2% used [0x00000000e0000000, 0x00000000e015dfc8, 0x00000000e4450000)
                 Tenured    total 174784K, used 40000K [0x00000000eaaa0000, 0x00000000f5550000, 0x0000000100000000)
                   the space 174784K,  22% used
                 Metaspace       used 90000K, committed 91000K, reserved 1179648K
                """));
    }

    @Test
    void routesLeadToTheSinkAndToTheDead() throws IOException {
        Properties settings = new Properties();
        try (Elsewhere elsewhere = Elsewhere.open()) {
            settings.load(new StringReader(Postbus.settings(elsewhere)));
            for (Elsewhere.Domain domain : List.of(elsewhere.domains().getLast(), elsewhere.deadDomains().getLast())) {
                String route = "delivery.routes.\"" + domain.name() + "\".";
                assertEquals(domain.host(), settings.getProperty(route + "host"));
                assertEquals(domain.port(), Integer.parseInt(settings.getProperty(route + "port")));
                assertEquals("none", settings.getProperty(route + "tls"));
            }
        }
        assertEquals("127.0.0.0/8", settings.getProperty("smtp.relay-networks"));
    }
}
