package org.postbus.delivery.tlspolicy;

/**
 * What TLS has to be before mail goes to a host. DANE (RFC 7672) would be another alternative, with the records that a certificate
 * has to fit; REQUIRETLS (RFC 8689) a demand of the mail itself, which makes {@link #mayBeClear} false.
 */
public sealed interface TlsPolicy {

    /** Who asks for verification. */
    enum Source { CONFIGURED, MTA_STS }

    /**
     * TLS where the host offers it, with any certificate (RFC 7435), in clear text else.
     *
     * @param testing whether the domain tests a policy (RFC 8461, section 5): what would have failed is to be told
     *                {@link StsReports}, and fails not
     */
    record Opportunistic(boolean testing) implements TlsPolicy {
    }

    /** TLS with any certificate. */
    record Required() implements TlsPolicy {
    }

    /** TLS with a certificate that the trust store knows and that names the host. */
    record Verified(Source source) implements TlsPolicy {
    }

    /** Never TLS; only by configuration. */
    record Clear() implements TlsPolicy {
    }

    /** Whether mail may go without TLS: where it is not offered, and where a handshake failed, over a new connection. */
    default boolean mayBeClear() {
        return switch (this) {
            case Opportunistic _, Clear _ -> true;
            case Required _, Verified _ -> false;
        };
    }

    /** Whether STARTTLS is asked for where it is offered. */
    default boolean wantsTls() {
        return !(this instanceof Clear);
    }

    /** Whether the certificate counts; {@link CertificateCheck} judges it. */
    default boolean mustVerify() {
        return this instanceof Verified;
    }

    /** Whether what {@link CertificateCheck#fault} says is to be told {@link StsReports}. */
    default boolean isTested() {
        return this instanceof Opportunistic(boolean testing) && testing;
    }
}
