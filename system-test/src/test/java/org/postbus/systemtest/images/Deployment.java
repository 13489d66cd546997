package org.postbus.systemtest.images;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a manifest says of the one container of a pod.
 *
 * @param name        of the Deployment or Job
 * @param environment what is known of it: of Secrets that are not in the manifests nothing
 * @param arguments   behind the image's entry point
 * @param mounts      folders that are mounted
 * @param memory      at most: {@code 1536Mi}
 * @param user        number of user and group
 */
record Deployment(String name, Map<String, String> environment, List<String> arguments, List<String> mounts, String memory,
        String user) {

    /** Where secrets and certificates are mounted. */
    static final String CLUSTER = "/etc/postbus/";

    Deployment {
        environment.forEach((variable, value) -> {
            if (value.startsWith(CLUSTER) && mounts.stream().noneMatch(mount -> value.startsWith(mount + "/"))) {
                throw new AssertionError(name + ": " + variable + " is " + value + ", which is in none of " + mounts);
            }
        });
    }

    /**
     * With other values for what it sets, and some that it does not.
     *
     * @param others for instead of its own; those that it does not set are ignored
     */
    Deployment with(Map<String, String> others, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(environment);
        others.forEach((variable, value) -> all.replace(variable, value));
        all.putAll(more);
        return new Deployment(name, all, arguments, mounts, memory, user);
    }
}
