package org.postbus.smtpgateway.filter;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.Optional;
import org.postbus.smtpgateway.SmtpConfig;

/** Makes the filter that the configuration names. */
public final class Filters {

    private Filters() {
    }

    /**
     * Empty where there is none.
     *
     * @throws IllegalArgumentException the URL names no filter that is known
     */
    public static Optional<ContentFilter> of(SmtpConfig.Filter config, Vertx vertx, MeterRegistry registry) {
        boolean failOpen = config.onFailure() == SmtpConfig.OnFailure.ACCEPT;
        Filtering filtering = new Filtering(registry, failOpen);
        return config.url().map(url -> switch (String.valueOf(url.getScheme())) {
            case "http" -> new RspamdFilter(vertx, requireHost(url), config.connections(), config.timeout(), filtering);
            case "milter" -> new MilterFilter(vertx, requirePort(url), config.timeout(), filtering);
            default -> throw new IllegalArgumentException("smtp.filter.url: neither http://host:port nor milter://host:port");
        });
    }

    private static URI requireHost(URI url) {
        if (url.getHost() == null) {
            throw new IllegalArgumentException("smtp.filter.url names no host");
        }
        return url;
    }

    private static URI requirePort(URI url) {
        if (requireHost(url).getPort() < 0) {
            throw new IllegalArgumentException("smtp.filter.url names no port");
        }
        return url;
    }
}
