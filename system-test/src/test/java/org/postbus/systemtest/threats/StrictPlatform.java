package org.postbus.systemtest.threats;

import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.postbus.systemtest.RunningPlatform;
import org.postbus.systemtest.SharedPlatform;

/** One platform with limits that a test can reach, and a proxy: whoever connects from {@value #PROXY} is one. */
final class StrictPlatform implements ParameterResolver {

    static final String PROXY = "127.0.0.2";
    static final int MAX_MESSAGE_OCTETS = 1024 * 1024;
    static final int MAX_CONNECTIONS_OF_A_CLIENT = 40;
    private static final Map<String, String> SETTINGS = Map.of(
            "smtp.max-message-size", String.valueOf(MAX_MESSAGE_OCTETS),
            "smtp.max-connections-per-address", String.valueOf(MAX_CONNECTIONS_OF_A_CLIENT),
            "smtp.command-timeout", "3s",
            "smtp.crowded-command-timeout", "3s",
            "smtp.data-timeout", "3s",
            "smtp.proxies", PROXY,
            "smtp.submission.proxies", PROXY,
            "smtp.submission.login-delay", "10ms",
            "pop3.login-delay", "10ms");

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        return parameter.getParameter().getType() == RunningPlatform.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
        return test.getRoot().getStore(ExtensionContext.Namespace.create(StrictPlatform.class))
                .computeIfAbsent(StrictPlatform.class, ignored -> SharedPlatform.Shared.start(SETTINGS),
                        SharedPlatform.Shared.class)
                .platform();
    }
}
