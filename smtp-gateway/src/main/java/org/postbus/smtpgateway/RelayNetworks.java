package org.postbus.smtpgateway;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.postbus.protocol.address.AddressRange;

/**
 * Who may have mail relayed to other servers without a login. An address that is also a proxy's never counts: where a proxy
 * cannot tell whom it connects for, that is what stands for the client.
 */
record RelayNetworks(List<AddressRange> networks, List<AddressRange> proxies) {

    /** @throws IllegalArgumentException where a range is none, or is everybody */
    static RelayNetworks of(SmtpConfig config) {
        return new RelayNetworks(ranges(config.relayNetworks()).stream().map(RelayNetworks::notEverybody).toList(),
                ranges(config.proxies()));
    }

    /** @param client as the PROXY protocol tells, where it is spoken */
    boolean contains(InetAddress client) {
        return networks.stream().anyMatch(range -> range.contains(client)) && proxies.stream().noneMatch(range -> range.contains(client));
    }

    private static List<AddressRange> ranges(Optional<List<String>> texts) {
        return texts.orElse(List.of()).stream().map(AddressRange::parse).toList();
    }

    private static AddressRange notEverybody(AddressRange range) {
        if (range.prefix() == 0) {
            throw new IllegalArgumentException("smtp.relay-networks: everybody could send mail to anybody (open relay)");
        }
        return range;
    }
}
