package org.postbus.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postbus.embedded.EmbeddedPostgres;

/** Tells the services, by system properties, where the embedded servers are and where to listen. */
final class Configuration {

    private Configuration() {}

    static void apply(DataFolder data, Options options, Servers servers) throws IOException {
        Map<String, String> properties = new HashMap<>();
        properties.putAll(listeners(options));
        properties.putAll(certificate(data));
        properties.putAll(servers(servers));
        properties.put("postbus.admin-token-file", data.secret("admin-token").toString());
        properties.put("postbus.internal-token-file", data.secret("internal-token").toString());
        properties.put("postbus.srs.secret-file", data.secret("srs-secret").toString());
        properties.put("delivery.secret-file", data.secret("dkim-secret").toString());
        properties.put("postbus.internal-url", "http://127.0.0.1:" + Port.HTTP.number(options));
        properties.put("quarkus.log.file.path", data.path("logs/postbus.log").toString());
        // The operator's own settings, such as postbus.hostname or smtp.require-helo.
        Path own = data.path("postbus.properties");
        if (Files.exists(own)) {
            properties.put("quarkus.config.locations", own.toUri().toString());
        }
        properties.forEach(System::setProperty);
    }

    private static Map<String, String> listeners(Options options) {
        return Map.of(
                "quarkus.http.host", options.bind(),
                "quarkus.http.port", String.valueOf(Port.HTTP.number(options)),
                "smtp.host", options.bind(),
                "smtp.port", String.valueOf(Port.SMTP.number(options)),
                "smtp.submission.port", String.valueOf(Port.SUBMISSION.number(options)),
                "smtp.submission.tls-port", String.valueOf(Port.SUBMISSIONS.number(options)),
                "pop3.host", options.bind(),
                "pop3.port", String.valueOf(Port.POP3.number(options)),
                "pop3.tls-port", String.valueOf(Port.POP3S.number(options)));
    }

    /** Whoever has better files puts them in the place of these: they are read anew while the platform runs. */
    private static Map<String, String> certificate(DataFolder data) {
        String tls = "quarkus.tls.postbus.";
        return Map.of(
                tls + "key-store.pem.0.cert", data.path("tls/certificate.pem").toString(),
                tls + "key-store.pem.0.key", data.path("tls/key.pem").toString(),
                tls + "reload-period", "1m");
    }

    private static Map<String, String> servers(Servers servers) {
        Map<String, String> properties = new HashMap<>();
        servers.kafka().clientProperties().forEach((name, value) -> properties.put("kafka." + name, value.toString()));
        for (String service : List.of("mailbox", "delivery")) {
            String source = "quarkus.datasource." + service;
            properties.put(source + ".jdbc.url", servers.postgres().jdbcUrl(Servers.DATABASE));
            properties.put(source + ".username", EmbeddedPostgres.USER);
            properties.put(source + ".password", servers.postgres().password());
        }
        return properties;
    }
}
