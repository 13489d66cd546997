package org.postbus.protocol.sasl;

import java.util.Optional;

/** LOGIN: name, then password. The challenges are those that every client knows. */
final class LoginExchange implements SaslExchange {

    private Optional<String> name = Optional.empty();

    @Override
    public SaslDialog.Step begin() {
        return SaslExchange.challenge("Username:");
    }

    @Override
    public SaslDialog.Step respond(byte[] response) {
        Optional<String> text = SaslExchange.text(response).filter(given -> !given.isEmpty() && given.indexOf('\0') < 0);
        if (text.isEmpty()) {
            return new SaslDialog.Step.Malformed();
        }
        if (name.isEmpty()) {
            name = text;
            return SaslExchange.challenge("Password:");
        }
        return new SaslDialog.Step.Offered(new Credentials(name.get(), text.get()));
    }
}
