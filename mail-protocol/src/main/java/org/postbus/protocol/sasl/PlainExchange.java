package org.postbus.protocol.sasl;

/** PLAIN (RFC 4616): {@code message = [authzid] UTF8NUL authcid UTF8NUL passwd}. */
final class PlainExchange implements SaslExchange {

    @Override
    public SaslDialog.Step begin() {
        return SaslExchange.challenge("");
    }

    @Override
    public SaslDialog.Step respond(byte[] response) {
        String[] parts = SaslExchange.text(response).orElse("").split("\0", -1);
        if (parts.length != 3 || parts[1].isEmpty() || parts[2].isEmpty()) {
            return new SaslDialog.Step.Malformed();
        }
        return parts[0].isEmpty() || parts[0].equals(parts[1])
                ? new SaslDialog.Step.Offered(new Credentials(parts[1], parts[2]))
                : new SaslDialog.Step.Foreign();
    }
}
