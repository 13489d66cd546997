package org.postbus.mailbox.eventlog;

import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.postbus.consumer.InfrastructureFailure;
import org.postbus.mailbox.rest.Problem;
import org.postbus.mailbox.rest.ProblemType;

/** What a request ends with while Kafka is not there. */
public final class OutageMappers {

    private static final Logger LOG = Logger.getLogger(OutageMappers.class);

    @ServerExceptionMapper
    public Response events(InfrastructureFailure e) {
        LOG.warnf("a request failed at Kafka: %s", e.getMessage());
        return new Problem(ProblemType.UNAVAILABLE, "the event log does not answer").response();
    }
}
