package org.postbus.delivery;

import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** What time it is: of the machine, but where a test says otherwise. */
@Singleton
public class Time {

    @Produces
    @Singleton
    @DefaultBean
    InstantSource ofTheMachine() {
        return InstantSource.system();
    }
}
