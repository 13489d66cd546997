package org.postbus.protocol.transcript;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/** Reads the transcript format; a line it does not know is an error that names the line. */
public final class TranscriptParser {

    private final String name;
    private final List<String> comments = new ArrayList<>();
    private final List<Given> givens = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();

    private TranscriptParser(String name) {
        this.name = name;
    }

    /** @throws IllegalArgumentException where the text breaks the format */
    public static Transcript parse(String name, String text) {
        TranscriptParser parser = new TranscriptParser(name);
        int number = 0;
        for (String line : text.split("\r?\n", -1)) {
            number++;
            try {
                parser.line(number, line);
            } catch (RuntimeException e) {
                throw new IllegalArgumentException(name + ", line " + number + ": " + e.getMessage(), e);
            }
        }
        return new Transcript(name, String.join("\n", parser.comments), List.copyOf(parser.givens),
                List.copyOf(parser.steps));
    }

    private void line(int number, String line) {
        if (line.startsWith("#")) {
            comments.add(line.substring(1).strip());
        } else if (line.startsWith("given:")) {
            given(line.substring(6).strip());
        } else if (line.startsWith("|")) {
            mailLine(content(line, 1));
        } else if (line.startsWith("S:")) {
            steps.add(server(number, content(line, 2)));
        } else if (line.equals("C: <tls>")) {
            steps.add(new Step.Handshake(number));
        } else if (line.startsWith("C:")) {
            send(number, Escapes.client(content(line, 2)) + "\r\n");
        } else if (line.startsWith("C~")) {
            send(number, Escapes.client(content(line, 2)));
        } else if (!line.isBlank()) {
            throw new IllegalArgumentException("not a transcript line: " + line);
        }
    }

    private static String content(String line, int from) {
        return line.substring(line.startsWith(" ", from) ? from + 1 : from);
    }

    private void given(String text) {
        String[] words = text.split("\\s+");
        String rest = text.substring(words[0].length()).strip();
        givens.add(switch (words[0]) {
            case "domain" -> new Given.Domain(words[1]);
            case "account" -> new Given.Account(words[1], words[2], quota(words));
            case "alias" -> new Given.Alias(words[1], List.copyOf(Arrays.asList(words).subList(2, words.length)));
            case "config" -> new Given.Config(rest.substring(0, rest.indexOf('=')), rest.substring(rest.indexOf('=') + 1));
            case "mail" -> new Given.Mail(words[1], "");
            default -> throw new IllegalArgumentException("unknown given: " + words[0]);
        });
    }

    private static OptionalLong quota(String[] words) {
        return words.length < 4 ? OptionalLong.empty()
                : OptionalLong.of(Long.parseLong(words[3].substring("quota=".length())));
    }

    private void mailLine(String line) {
        if (givens.isEmpty() || !(givens.getLast() instanceof Given.Mail mail)) {
            throw new IllegalArgumentException("a | line follows given: mail");
        }
        givens.set(givens.size() - 1, new Given.Mail(mail.recipient(), mail.text() + Escapes.client(line) + "\r\n"));
    }

    private static Step server(int number, String text) {
        return switch (text) {
            case "<close>" -> new Step.ExpectClose(number);
            case "{lines}" -> new Step.ExpectLines(number);
            default -> new Step.Expect(number, new LinePattern(Escapes.server(text)));
        };
    }

    private void send(int number, String text) {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        if (!steps.isEmpty() && steps.getLast() instanceof Step.Send before) {
            byte[] joined = Arrays.copyOf(before.octets(), before.octets().length + octets.length);
            System.arraycopy(octets, 0, joined, before.octets().length, octets.length);
            steps.set(steps.size() - 1, new Step.Send(before.line(), joined));
        } else {
            steps.add(new Step.Send(number, octets));
        }
    }
}
