package org.postbus.benchmarks;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/**
 * What to load, and how hard.
 *
 * @param data data folder of the running platform: its admin token and process id are there
 * @param portOffset of the running platform
 * @param connections SMTP sessions at once, each of which sends mail after mail
 * @param size octets of each mail's data
 * @param recipients forward-paths of each mail
 * @param seconds how long; a quarter of it goes before as warm-up and is not counted
 * @param accounts number of accounts that the recipients are drawn from
 */
record Settings(Path data, int portOffset, int connections, int size, int recipients, int seconds, int accounts) {

    static final String USAGE = "usage: Load [--data DIR] [--port-offset N] [--connections N] [--size OCTETS]"
            + " [--recipients N] [--seconds N] [--accounts N]";

    static Settings parse(List<String> arguments) {
        Path data = Path.of("data");
        int portOffset = 0;
        int connections = 50;
        int size = 10 * 1024;
        int recipients = 1;
        int seconds = 30;
        int accounts = 100;
        for (Iterator<String> words = arguments.iterator(); words.hasNext(); ) {
            String option = words.next();
            if (!words.hasNext()) {
                throw new IllegalArgumentException(USAGE);
            }
            String value = words.next();
            switch (option) {
                case "--data" -> data = Path.of(value);
                case "--port-offset" -> portOffset = Integer.parseInt(value);
                case "--connections" -> connections = Integer.parseInt(value);
                case "--size" -> size = Integer.parseInt(value);
                case "--recipients" -> recipients = Integer.parseInt(value);
                case "--seconds" -> seconds = Integer.parseInt(value);
                case "--accounts" -> accounts = Integer.parseInt(value);
                default -> throw new IllegalArgumentException(USAGE);
            }
        }
        return new Settings(data, portOffset, connections, size, recipients, seconds, Math.max(accounts, recipients));
    }

    String account(int n) {
        return "load" + n % accounts + "@load.test";
    }

    int smtpPort() {
        return 2525 + portOffset;
    }

    int httpPort() {
        return 8080 + portOffset;
    }
}
