package org.postbus.protocol.transcript;

import java.util.List;

/**
 * One parsed transcript file.
 *
 * @param name    path below {@code transcripts/}, without the ending
 * @param comment the file's comment lines, joined
 * @param givens  what must be there before, in the order of the file
 * @param steps   the session
 */
public record Transcript(String name, String comment, List<Given> givens, List<Step> steps) {

    /** The length of the longest client group in octets: the bound for split points. */
    public int longestGroup() {
        return steps.stream()
                .mapToInt(step -> step instanceof Step.Send send ? send.octets().length : 0)
                .max()
                .orElse(0);
    }

    /** The configuration value that the file gives for {@code key}, else the fallback. */
    public String config(String key, String fallback) {
        return givens.stream()
                .filter(given -> given instanceof Given.Config config && config.key().equals(key))
                .map(given -> ((Given.Config) given).value())
                .findFirst()
                .orElse(fallback);
    }

    @Override
    public String toString() {
        return name;
    }
}
