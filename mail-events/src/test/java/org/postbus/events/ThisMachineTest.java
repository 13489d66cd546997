package org.postbus.events;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThisMachineTest {

    @ParameterizedTest
    @CsvSource({
        "mx.example.org,        mx, mx.example.org",
        "localhost,             mx, mx",
        "localhost.localdomain, mx, mx",
        "10.0.0.7,              mx, mx",
        "fe80:0:0:0:0:0:0:1%1.2, mx, mx",
        "mx,                    mx, mx"
    })
    void theQualifiedNameIsTakenWhereThereIsOne(String canonical, String plain, String name) {
        assertEquals(name, ThisMachine.moreTelling(canonical, plain));
    }
}
