package org.postbus.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Who may speak to whom by the NetworkPolicies of an overlay, as Kubernetes reads them: a connection needs the leave of both ends; an
 * end that no policy selects for a direction gives it to everybody.
 */
final class NetworkRules {

    private final List<JsonNode> policies;

    NetworkRules(Manifests manifests) {
        policies = manifests.kind("NetworkPolicy").toList();
    }

    /** An end of a connection. */
    sealed interface Peer { }

    /** A pod of ours. */
    record Pod(Map<String, String> labels) implements Peer { }

    /** A pod in another namespace, which has labels too. */
    record Foreign(Map<String, String> namespace, Map<String, String> labels) implements Peer { }

    /** Something that is no pod. */
    record Address(String address) implements Peer { }

    boolean may(Peer from, Peer to, int port, String protocol) {
        return leave(from, to, "Egress", port, protocol) && leave(to, from, "Ingress", port, protocol);
    }

    boolean may(Peer from, Peer to, int port) {
        return may(from, to, port, "TCP");
    }

    private boolean leave(Peer subject, Peer other, String direction, int port, String protocol) {
        if (!(subject instanceof Pod pod)) {
            return true;
        }
        List<JsonNode> selecting = policies.stream().filter(policy -> isOf(policy, direction))
                .filter(policy -> selects(policy.path("spec").path("podSelector"), pod.labels())).toList();
        return selecting.isEmpty() || selecting.stream()
                .flatMap(policy -> Manifests.each(policy.path("spec").path(direction.toLowerCase())))
                .anyMatch(rule -> portFits(rule, port, protocol) && peerFits(rule, direction, other));
    }

    private static boolean isOf(JsonNode policy, String direction) {
        return Manifests.texts(policy.path("spec").path("policyTypes")).contains(direction);
    }

    private static boolean portFits(JsonNode rule, int port, String protocol) {
        return rule.path("ports").isEmpty() || Manifests.each(rule.path("ports"))
                .anyMatch(allowed -> allowed.path("port").asInt() == port && allowed.path("protocol").asText("TCP").equals(protocol));
    }

    private static boolean peerFits(JsonNode rule, String direction, Peer other) {
        JsonNode peers = rule.path(direction.equals("Ingress") ? "from" : "to");
        return peers.isEmpty() || Manifests.each(peers).anyMatch(peer -> fits(peer, other));
    }

    private static boolean fits(JsonNode peer, Peer other) {
        return switch (other) {
            case Address(String address) -> peer.has("ipBlock") && contains(peer.path("ipBlock"), address);
            // Without a namespaceSelector only pods of the policy's own namespace are meant.
            case Pod(Map<String, String> labels) -> peer.has("podSelector") && !hasNamedNamespace(peer)
                    && selects(peer.path("podSelector"), labels);
            case Foreign(Map<String, String> namespace, Map<String, String> labels) -> peer.has("namespaceSelector")
                    && selects(peer.path("namespaceSelector"), namespace) && selects(peer.path("podSelector"), labels);
        };
    }

    private static boolean hasNamedNamespace(JsonNode peer) {
        return !peer.path("namespaceSelector").isEmpty();
    }

    private static boolean contains(JsonNode block, String address) {
        return inside(block.path("cidr").asText(), address)
                && Manifests.texts(block.path("except")).stream().noneMatch(range -> inside(range, address));
    }

    static boolean inside(String range, String address) {
        byte[] network = octets(range.substring(0, range.indexOf('/')));
        byte[] candidate = octets(address);
        int host = network.length * 8 - Integer.parseInt(range.substring(range.indexOf('/') + 1));
        return network.length == candidate.length
                && new BigInteger(1, network).shiftRight(host).equals(new BigInteger(1, candidate).shiftRight(host));
    }

    private static byte[] octets(String literal) {
        try {
            return InetAddress.getByName(literal).getAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** A selector that says nothing selects all. */
    static boolean selects(JsonNode selector, Map<String, String> labels) {
        Stream<Boolean> equal = selector.path("matchLabels").properties().stream()
                .map(entry -> entry.getValue().asText().equals(labels.get(entry.getKey())));
        Stream<Boolean> among = Manifests.each(selector.path("matchExpressions")).map(expression -> {
            if (!expression.path("operator").asText().equals("In")) {
                throw new AssertionError("an operator that is not known here: " + expression);
            }
            return Manifests.texts(expression.path("values")).contains(labels.getOrDefault(expression.path("key").asText(), ""));
        });
        return Stream.concat(equal, among).allMatch(fits -> fits);
    }
}
