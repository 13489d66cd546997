package org.postbus.systemtest.faults.cluster;

/** The four services. */
public enum Kind {
    SMTP("smtp-gateway"), POP3("pop3-gateway"), DELIVERY("delivery-service"), MAILBOX("mailbox-service");

    private final String service;

    Kind(String service) {
        this.service = service;
    }

    /** Its module. */
    public String service() {
        return service;
    }
}
