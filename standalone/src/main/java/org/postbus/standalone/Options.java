package org.postbus.standalone;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/**
 * The command line after the command.
 *
 * @param data data folder
 * @param portOffset added to every port
 * @param bind address that the listeners bind; the embedded servers stay on loopback
 * @param demo whether to make the demo domain
 */
record Options(Path data, int portOffset, String bind, boolean demo) {

    /** The highest port is 8080. */
    private static final int MAX_OFFSET = 65535 - 8080;

    static Options parse(List<String> arguments) {
        Path data = Path.of("data");
        int portOffset = 0;
        String bind = "127.0.0.1";
        boolean demo = false;
        for (Iterator<String> words = arguments.iterator(); words.hasNext(); ) {
            String option = words.next();
            switch (option) {
                case "--data" -> data = Path.of(value(option, words));
                case "--port-offset" -> portOffset = offset(value(option, words));
                case "--bind" -> bind = value(option, words);
                case "--demo" -> demo = true;
                default -> throw new Refusal("unknown option " + option);
            }
        }
        return new Options(data.toAbsolutePath().normalize(), portOffset, bind, demo);
    }

    Options withDemo() {
        return new Options(data, portOffset, bind, true);
    }

    /** Where a client on this machine finds the listeners. */
    String reachableHost() {
        return switch (bind) {
            case "127.0.0.1", "0.0.0.0", "::" -> "localhost";
            default -> bind.contains(":") ? "[" + bind + "]" : bind;
        };
    }

    private static String value(String option, Iterator<String> words) {
        if (!words.hasNext()) {
            throw new Refusal(option + " needs a value");
        }
        return words.next();
    }

    private static int offset(String word) {
        if (!word.matches("[0-9]{1,5}") || Integer.parseInt(word) > MAX_OFFSET) {
            throw new Refusal("--port-offset must be a number from 0 to " + MAX_OFFSET + ", not " + word);
        }
        return Integer.parseInt(word);
    }
}
