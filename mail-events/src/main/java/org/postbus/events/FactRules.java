package org.postbus.events;

/** What every fact must hold, whoever wrote it. */
final class FactRules {

    private FactRules() {
    }

    static void check(Object event) throws ContractViolation {
        switch (event) {
            case MailFailed failed -> {
                require(failed.envelope() != null && failed.failedAt() != null && failed.headerSection() != null);
                EnvelopeRules.check(failed.envelope(), failed.envelope().mailId());
                require(!failed.failures().isEmpty() || !failed.delivered().isEmpty());
                EnvelopeRules.failures(failed.failures());
                EnvelopeRules.delivered(failed.delivered());
            }
            case MaildropUpdated updated -> require(updated.accountId() != null && updated.at() != null
                    && updated.cause() != null && updated.deleted().size() <= Topics.MAX_DELETIONS);
            case TrailEvent trail -> require(trail.id() != null && trail.at() != null && trail.service() != null
                    && trail.step() != null && trail.client() != null);
            default -> throw new ContractViolation("no fact: " + event.getClass());
        }
    }

    private static void require(boolean holds) throws ContractViolation {
        if (!holds) {
            throw new ContractViolation("the event lacks a field");
        }
    }
}
