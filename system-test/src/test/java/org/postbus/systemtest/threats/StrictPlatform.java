package org.postbus.systemtest.threats;

import static java.util.Map.entry;

import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.postbus.systemtest.RunningPlatform;
import org.postbus.systemtest.SharedPlatform;

/** One platform with limits that a test can reach, and a proxy: whoever connects from {@value #PROXY} is one. */
final class StrictPlatform implements ParameterResolver {

    static final String PROXY = "127.0.0.2";
    static final int MAX_MESSAGE_OCTETS = 1024 * 1024;
    static final int MAX_CONNECTIONS_OF_A_CLIENT = 40;
    /** In all listings of open maildrops, 24 octets each. */
    static final int LISTED_MESSAGES = 40_000;
    private static final Map<String, String> SETTINGS = Map.ofEntries(
            entry("smtp.max-message-size", String.valueOf(MAX_MESSAGE_OCTETS)),
            entry("smtp.max-connections-per-address", String.valueOf(MAX_CONNECTIONS_OF_A_CLIENT)),
            entry("smtp.command-timeout", "3s"),
            entry("smtp.crowded-command-timeout", "3s"),
            entry("smtp.data-timeout", "3s"),
            entry("smtp.proxies", PROXY),
            entry("smtp.submission.proxies", PROXY),
            entry("smtp.submission.login-delay", "10ms"),
            entry("pop3.login-delay", "10ms"),
            entry("pop3.idle-timeout", "3s"),
            entry("pop3.limits.listings", String.valueOf(LISTED_MESSAGES * 24)));

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        return parameter.getParameter().getType() == RunningPlatform.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
        return test.getStore(StoreScope.LAUNCHER_SESSION, ExtensionContext.Namespace.create(StrictPlatform.class))
                .computeIfAbsent(StrictPlatform.class, ignored -> SharedPlatform.Shared.start(SETTINGS),
                        SharedPlatform.Shared.class)
                .platform();
    }
}
